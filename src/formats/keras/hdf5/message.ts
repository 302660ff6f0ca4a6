/** The kinds of messages that are read. */
export const kinds = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  oldFill: 0x04,
  fill: 0x05,
  link: 0x06,
  external: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  sharedTable: 0x0f,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

/** One of the notes that an object's header consists of. */
export interface Message {
  readonly kind: number;
  /** Whether it only says where it stands. */
  readonly isShared: boolean;
  readonly body: Uint8Array;
}
