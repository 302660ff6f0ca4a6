/** A header's value, and its parameters by their names in small letters. */
export interface HeaderValue {
  /** What stands before the first semicolon, in small letters. */
  readonly value: string;
  /** The parameters, unquoted. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** `; name=token` or `; name="quoted"`, where a quote may be written `\"`. */
const parameter = /\s*;\s*([^\s=;"]+)\s*=\s*(?:"((?:\\"|[^"])*)"|([^\s;"]*))/y;

/**
 * Take a header's value apart. A backslash stands for itself but before a quote, as browsers and old paths have it.
 *
 * @param text Such as `form-data; name="photo"; filename="a.png"`.
 * @returns `undefined` where it is damaged, or a parameter is given twice.
 */
export function readHeaderValue(text: string): HeaderValue | undefined {
  const [value] = text.split(";", 1);
  const parameters = new Map<string, string>();
  let at = value!.length;
  while (at < text.length) {
    parameter.lastIndex = at;
    const [whole, name, quoted, token] = parameter.exec(text) ?? [];
    if (whole === undefined) {
      return /^[\s;]*$/.test(text.slice(at)) ? { value: clean(value!), parameters } : undefined;
    }
    const key = name!.toLowerCase();
    if (parameters.has(key)) return undefined;
    parameters.set(key, quoted?.replaceAll('\\"', '"') ?? token!);
    at += whole.length;
  }
  return { value: clean(value!), parameters };
}

function clean(text: string): string {
  return text.trim().toLowerCase();
}

/** Charsets that a parameter may be written in. */
const charsets: Readonly<Record<string, string>> = { "utf-8": "utf-8", "iso-8859-1": "latin1" };

/**
 * A parameter written as RFC 8187 has it, such as `UTF-8''na%C3%AFve.png`.
 *
 * @returns `undefined` where it is damaged, or in another charset.
 */
export function readExtended(text: string | undefined): string | undefined {
  const [, charset, rest] = /^([\w-]+)'[^']*'((?:%[0-9a-f]{2}|[!#$&+.^`|~\w-])*)$/i.exec(text ?? "") ?? [];
  const known = charsets[charset?.toLowerCase() ?? ""];
  if (known === undefined) return undefined;
  const bytes = Uint8Array.from(
    rest!.match(/%..|./g) ?? [],
    (part) => part.length === 3 ? parseInt(part.slice(1), 16) : part.charCodeAt(0),
  );
  return new TextDecoder(known).decode(bytes);
}
