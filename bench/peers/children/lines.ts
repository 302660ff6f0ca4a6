/** Cuts text into lines; what follows the last line feed is dropped when the text ends. */
export class TextLineStream extends TransformStream<string, string> {
  /** A stream for one text. */
  constructor() {
    let rest = "";
    super({
      transform(text, controller) {
        const lines = (rest + text).split("\n");
        rest = lines.pop()!;
        for (const line of lines) controller.enqueue(line);
      },
    });
  }
}
