import type { OptionSpec } from "./option.ts";
import { locationRule, numberRule, type ValueRule } from "./option.ts";

/** An id and where its model lies; `undefined` if the text is anything else. */
export function readNamedModel(text: string): [id: string, model: string] | undefined {
  const [, id, model] = /^([A-Za-z0-9][\w.-]{0,99})=(.+)$/s.exec(text) ?? [];
  return id === undefined || model === undefined ? undefined : [id, model];
}

/** An id and where its model lies. */
const namedModelRule: ValueRule = {
  allowed: 'ID=MODEL, such as birds=birds.keras; the id of letters, digits, ".", "-" and "_"',
  problem(text) {
    const [, model] = readNamedModel(text) ?? [];
    return model === undefined ? `use ${this.allowed}` : locationRule.problem(model);
  },
};

/** The host of a URL, with its port where it has one. */
const hostRule: ValueRule = {
  allowed: "a host's name, such as images.example.com",
  problem(text) {
    return URL.parse(`https://${text}/`)?.host === text.toLowerCase() ? undefined : `use ${this.allowed}`;
  },
};

/** The name of a header. */
const headerRule: ValueRule = {
  allowed: "a header's name, such as x-forwarded-for",
  problem: (text) =>
    /^[\w!#$%&'*+.^`|~-]+$/.test(text) ? undefined : "use a header's name, such as x-forwarded-for",
};

/** Several models in place of one. */
export const modelsOption: OptionSpec = {
  name: "models",
  value: "ID=MODEL",
  repeat: true,
  group: "Model",
  description:
    "A model by the id that requests name it by, in place of --model; the first is taken where a request names none",
  rule: namedModelRule,
};

/** Options about where and how to listen, and how to end. */
export const serverOptions: readonly OptionSpec[] = [
  {
    name: "port",
    short: "p",
    value: "N",
    group: "Server",
    description: "The port to listen on; 0 takes a free one (default: 8000)",
    rule: numberRule({ min: 0, max: 65535, whole: true }),
  },
  {
    name: "host",
    value: "NAME",
    group: "Server",
    description: "The address to listen on; 0.0.0.0 lets other machines in (default: 127.0.0.1)",
  },
  {
    name: "workers",
    value: "N",
    group: "Server",
    description:
      "How many workers decode, compute and draw, each a photo at a time; with 0 the thread that answers does (default: 1)",
    rule: numberRule({ min: 0, max: 64, whole: true }),
  },
  {
    name: "header-timeout",
    value: "SECONDS",
    group: "Server",
    description: "How long the headers of a request may take to arrive, in seconds (default: 10)",
    rule: numberRule({ min: 0.1, max: 86_400 }),
  },
  {
    name: "max-connections",
    value: "N",
    group: "Server",
    description:
      "How many connections there are at most; beyond them the one that has been idle for longest is closed (default: 1000)",
    rule: numberRule({ min: 1, max: 100_000, whole: true }),
  },
  {
    name: "grace",
    value: "SECONDS",
    group: "Server",
    description:
      "When told to stop, for how long what was admitted is still answered, in seconds; then it is cut (default: 10)",
    rule: numberRule({ min: 0, max: 86_400 }),
  },
  {
    name: "log",
    group: "Server",
    description: "Print one line of JSON a request on standard output; nothing of a photo is in it",
  },
];

/** Options about who may ask for what. */
export const accessOptions: readonly OptionSpec[] = [
  {
    name: "cors",
    value: "ORIGIN",
    repeat: true,
    group: "Access",
    description: "An origin whose pages may ask, such as https://example.com, or * for all (default: none)",
  },
  {
    name: "token-file",
    value: "FILE",
    group: "Access",
    description:
      "A file of bearer tokens, one a line, one of which every request must show but those for the service's health",
    rule: locationRule,
  },
  {
    name: "token",
    value: "TOKEN",
    repeat: true,
    group: "Access",
    description: "Such a token; others on this machine can see it, for which reason --token-file is better",
  },
  {
    name: "rate",
    value: "N",
    group: "Access",
    description: "How many requests a second each client may send, over time (default: no limit)",
    rule: numberRule({ min: 0.001, max: 1_000_000 }),
  },
  {
    name: "burst",
    value: "N",
    group: "Access",
    description: "How many of them at once (default: ten times --rate)",
    rule: numberRule({ min: 1, max: 1_000_000 }),
  },
  {
    name: "client-header",
    value: "NAME",
    group: "Access",
    description:
      "The header in which your proxy passes a client's address on, whose last entry counts for --rate " +
      "(default: the token, or the connection's address)",
    rule: headerRule,
  },
  {
    name: "photo-host",
    value: "HOST",
    repeat: true,
    group: "Access",
    description:
      "A host that photos may be fetched from, by https, where a request gives a URL (default: none)",
    rule: hostRule,
  },
  {
    name: "photo-cache",
    value: "MB",
    group: "Access",
    description:
      "What photos may hold that are kept for ten minutes when a request asks for it, in megabytes; 0 keeps none (default: 64)",
    rule: numberRule({ min: 0, max: 100_000 }),
  },
];
