/** Say on standard error what is going on, and when. */
export function progress(line: string): void {
  console.error(`${new Date().toTimeString().slice(0, 8)} ${line}`);
}
