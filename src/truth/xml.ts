import { parseXml, XmlElement } from "npm:@rgrove/parse-xml@5.0.0";
import { TruthError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";

/** The largest XML file read, in characters: one of a photo has some hundred a box. */
const mostCharacters = 8_000_000;

/** An element of an XML file. */
export type Element = XmlElement;

/**
 * The first element of an XML file. Entities that the file declares itself are refused, so that none grows, and nothing
 * outside the file is read.
 *
 * @param name For messages.
 * @throws {TruthError} If it is no XML, cut, or too large.
 */
export function readXml(text: string, name: string): Element {
  const refuse = (reason: string) => new TruthError(`Cannot read truth ${quote(name)}: ${reason}`);
  if (text.length > mostCharacters) throw refuse("the XML is too large for one photo");
  if (/<!ENTITY/i.test(text)) throw refuse("the XML declares entities, which are not taken");
  let root: Element | null;
  try {
    root = parseXml(text).root;
  } catch (error) {
    if (error instanceof RangeError) throw refuse("the XML is nested too deeply");
    const [reason] = String((error as Error).message).split(/ \(line|\n/);
    throw refuse(`it is no XML, or cut: ${reason!.replace(/^./, (letter) => letter.toLowerCase())}`);
  }
  if (!root) throw refuse("the XML is empty");
  return root;
}

/** The elements of a name directly in another. */
export function childrenOf({ children }: Element, name: string): Element[] {
  return children.filter((child): child is Element => child instanceof XmlElement && child.name === name);
}

/** The text of the first element of a name directly in another, without white space round it. */
export function textOf(element: Element, name: string): string | undefined {
  return childrenOf(element, name)[0]?.text.trim();
}
