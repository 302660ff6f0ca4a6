/**
 * What of an ONNX file is used, as plain objects. The numbers of tensors stay in the file until they are needed.
 *
 * @module
 */
import { damaged } from "./damaged.ts";
import { type Field, floatAt, MessageReader, type Place, textAt, type WindowedBytes } from "./protobuf.ts";

/** How deep graphs may stand within graphs. */
const deepest = 32;

/** Numbers of a tensor, as the file has them. */
export interface TensorProto {
  readonly name: string;
  readonly dims: readonly number[];
  /** The number that stands for its element type. */
  readonly dataType: number;
  /** Its numbers as bytes, little-endian. */
  readonly raw: Place | undefined;
  /** Its numbers one by one, where they stand so. */
  readonly typed: readonly TypedNumbers[];
  /** Where its numbers stand in another file, by key. */
  readonly external: ReadonlyMap<string, string> | undefined;
  /** The bytes that the places are in. */
  readonly bytes: WindowedBytes;
}

/** A field of numbers: varints, or numbers of four or eight bytes. */
export interface TypedNumbers extends Place {
  readonly kind: "varint" | "float" | "double";
}

/** An attribute of a node; those that are not given are empty. */
export interface AttributeProto {
  readonly name: string;
  /** The name of the attribute of the function that gives its value. */
  readonly reference: string;
  readonly float: number | undefined;
  readonly int: number | undefined;
  readonly text: string | undefined;
  readonly tensor: TensorProto | undefined;
  readonly graph: GraphProto | undefined;
  readonly floats: readonly number[];
  readonly ints: readonly number[];
  readonly texts: readonly string[];
}

/** A node of a graph. */
export interface NodeProto {
  readonly name: string;
  readonly op: string;
  /** `""` for ONNX's own. */
  readonly domain: string;
  /** Names of values; `""` for those left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, AttributeProto>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** An input or an output of a graph: a size is its name where it is free. */
export interface ValueProto {
  readonly name: string;
  /** The number that stands for its element type; 0 where it is no tensor. */
  readonly dataType: number;
  readonly shape: readonly (number | string)[] | undefined;
}

/** A graph. */
export interface GraphProto {
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  readonly inputs: readonly ValueProto[];
  readonly outputs: readonly ValueProto[];
  /** Whether it has sparse initializers, which are not read. */
  readonly hasSparse: boolean;
}

/** A function of a model: nodes that one node stands for. */
export interface FunctionProto {
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly NodeProto[];
  /** Values of attributes that a node may leave out. */
  readonly defaults: ReadonlyMap<string, AttributeProto>;
  readonly opsets: ReadonlyMap<string, number>;
}

/** A model. */
export interface ModelProto {
  readonly irVersion: number;
  readonly producer: string;
  /** The version of each domain's operators. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: GraphProto;
  readonly functions: readonly FunctionProto[];
  readonly metadata: ReadonlyMap<string, string>;
}

/** A message of which fields are taken by their numbers. */
class Message {
  readonly bytes: WindowedBytes;
  readonly #fields = new Map<number, Field[]>();

  constructor(bytes: WindowedBytes, place: Place) {
    this.bytes = bytes;
    for (const field of new MessageReader(bytes, place).fields()) {
      const known = this.#fields.get(field.number);
      if (known) known.push(field);
      else this.#fields.set(field.number, [field]);
    }
  }

  all(number: number): readonly Field[] {
    return this.#fields.get(number) ?? [];
  }

  /** Those of a field that are bytes of a length. */
  places(number: number): readonly Field[] {
    return this.all(number).filter(({ wire }) => wire === 2);
  }

  last(number: number): Field | undefined {
    return this.places(number).at(-1);
  }

  int(number: number): number | undefined {
    return this.all(number).findLast(({ wire }) => wire === 0)?.value;
  }

  float(number: number): number | undefined {
    const field = this.all(number).findLast(({ wire }) => wire === 5);
    return field && floatAt(this.bytes, field);
  }

  text(number: number): string {
    const field = this.last(number);
    return field ? textAt(this.bytes, field) : "";
  }

  texts(number: number): string[] {
    return this.places(number).map((field) => textAt(this.bytes, field));
  }

  ints(number: number): number[] {
    return this.all(number).flatMap((field) => {
      if (field.wire === 0) return field.value;
      return field.wire === 2 ? [...new MessageReader(this.bytes, field).varints()] : [];
    });
  }

  floats(number: number): number[] {
    return this.all(number).flatMap((field) => {
      if (field.wire === 5) return floatAt(this.bytes, field);
      if (field.wire !== 2) return [];
      const count = Math.floor((field.end - field.start) / 4);
      return Array.from(
        { length: count },
        (_, at) => floatAt(this.bytes, { start: field.start + 4 * at, end: field.end }),
      );
    });
  }

  messages(number: number): Message[] {
    return this.places(number).map((field) => new Message(this.bytes, field));
  }

  message(number: number): Message | undefined {
    const field = this.last(number);
    return field && new Message(this.bytes, field);
  }

  /** Texts by text, of entries such as metadata. */
  entries(number: number): Map<string, string> {
    return new Map(this.messages(number).map((entry) => [entry.text(1), entry.text(2)]));
  }
}

/** The fields that hold a tensor's numbers one by one. */
const typedFields: readonly { readonly number: number; readonly kind: TypedNumbers["kind"] }[] = [
  { number: 4, kind: "float" },
  { number: 5, kind: "varint" },
  { number: 7, kind: "varint" },
  { number: 10, kind: "double" },
  { number: 11, kind: "varint" },
];

function readTensor(message: Message): TensorProto {
  const typed = typedFields.flatMap(({ number, kind }) =>
    message.all(number).map((field) => ({ ...field, kind }))
  );
  return {
    name: message.text(8),
    dims: message.ints(1),
    dataType: message.int(2) ?? 0,
    raw: message.last(9),
    typed,
    external: message.int(14) === 1 ? message.entries(13) : undefined,
    bytes: message.bytes,
  };
}

function readAttribute(message: Message, depth: number): AttributeProto {
  const tensor = message.message(5), graph = message.message(6), text = message.last(4);
  return {
    name: message.text(1),
    reference: message.text(21),
    float: message.float(2),
    int: message.int(3),
    text: text && textAt(message.bytes, text),
    tensor: tensor && readTensor(tensor),
    graph: graph && readGraph(graph, depth + 1),
    floats: message.floats(7),
    ints: message.ints(8),
    texts: message.texts(9),
  };
}

function readAttributes(messages: readonly Message[], depth: number): Map<string, AttributeProto> {
  return new Map(messages.map((one) => {
    const attribute = readAttribute(one, depth);
    return [attribute.name, attribute];
  }));
}

/** ONNX's own operators are of no domain, or of one that says so. */
function domainOf(text: string): string {
  return text === "ai.onnx" ? "" : text;
}

function readNode(message: Message, depth: number): NodeProto {
  return {
    inputs: message.texts(1),
    outputs: message.texts(2),
    name: message.text(3),
    op: message.text(4),
    attributes: readAttributes(message.messages(5), depth),
    domain: domainOf(message.text(7)),
    metadata: message.entries(9),
  };
}

function readValue(message: Message): ValueProto {
  const tensor = message.message(2)?.message(1);
  const dims = tensor?.message(2)?.messages(1);
  return {
    name: message.text(1),
    dataType: tensor?.int(1) ?? 0,
    shape: dims?.map((dim) => dim.int(1) ?? dim.text(2)),
  };
}

function readGraph(message: Message, depth = 0): GraphProto {
  if (depth > deepest) damaged("its graphs are nested too deep");
  return {
    nodes: message.messages(1).map((node) => readNode(node, depth)),
    initializers: message.messages(5).map(readTensor),
    inputs: message.messages(11).map(readValue),
    outputs: message.messages(12).map(readValue),
    hasSparse: message.places(15).length > 0,
  };
}

function readOpsets(messages: readonly Message[]): Map<string, number> {
  return new Map(messages.map((opset) => [domainOf(opset.text(1)), opset.int(2) ?? 0]));
}

function readFunction(message: Message): FunctionProto {
  return {
    name: message.text(1),
    inputs: message.texts(4),
    outputs: message.texts(5),
    nodes: message.messages(7).map((node) => readNode(node, 0)),
    opsets: readOpsets(message.messages(9)),
    domain: domainOf(message.text(10)),
    defaults: readAttributes(message.messages(11), 0),
  };
}

/**
 * Read an ONNX file but for the numbers of its tensors.
 *
 * @param bytes The file, which must stay open while tensors are read.
 */
export function readModel(bytes: WindowedBytes): ModelProto {
  const message = new Message(bytes, { start: 0, end: bytes.size });
  const graph = message.message(7) ?? damaged("it has no graph");
  return {
    irVersion: message.int(1) ?? 0,
    producer: [message.text(2), message.text(3)].join(" ").trim(),
    opsets: readOpsets(message.messages(8)),
    graph: readGraph(graph),
    functions: message.messages(25).map(readFunction),
    metadata: message.entries(14),
  };
}

/** Read a file that holds one tensor alone. */
export function readTensorFile(bytes: WindowedBytes): TensorProto {
  return readTensor(new Message(bytes, { start: 0, end: bytes.size }));
}
