/** What a layer of attention is set to, in Keras's own spelling, and how it was called. */
export type AttentionSettings = Readonly<Record<string, unknown>>;

/** Heads and sizes, however the class names them. */
export interface Heads {
  /** How many there are. */
  readonly count: number;
  /** Heads of key and value, of each of which several of the query make use. */
  readonly shared: number;
  /** How many numbers each has of a query and a key. */
  readonly keySize: number;
  /** Likewise of a value. */
  readonly valueSize: number;
}

/** The heads of a layer. */
export function headsOf(settings: AttentionSettings): Heads {
  if (settings.head_dim !== undefined) {
    const size = Number(settings.head_dim);
    const count = Number(settings.num_query_heads);
    return { count, shared: Number(settings.num_key_value_heads), keySize: size, valueSize: size };
  }
  const count = Number(settings.num_heads), keySize = Number(settings.key_dim);
  return { count, shared: count, keySize, valueSize: Number(settings.value_dim ?? keySize) };
}

/** How a layer was called: `{ input: n }` by place and by name. */
interface Call {
  readonly operands: readonly unknown[];
  readonly named: Readonly<Record<string, unknown>>;
}

/** Query, value and key among the inputs, by their places in the call; the key is the value where there is none. */
export function arrangeAttention<T>(
  inputs: readonly T[],
  settings: AttentionSettings,
): { query: T; value: T; key: T } {
  const { operands, named } = settings.call as Call;
  const find = (place: number, name: string) => {
    const input = (operands[place] ?? named[name]) as { input: number } | null | undefined;
    return input ? inputs[input.input]! : undefined;
  };
  const query = find(0, "query")!, value = find(1, "value")!;
  return { query, value, key: find(2, "key") ?? value };
}
