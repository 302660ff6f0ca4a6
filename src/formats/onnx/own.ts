/** An entry of a record by a name that a file holds, which may be one that every object has. */
export function own<Entry>(record: Readonly<Record<string, Entry>>, name: string): Entry | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
