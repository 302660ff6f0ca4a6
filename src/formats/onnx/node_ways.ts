import type { GraphNode } from "./graph_node.ts";
import type { JoinContext } from "./node_join.ts";

/** A node of two inputs, one of which is a number. */
interface WithNumber {
  readonly other: string;
  readonly number: number;
}

/** Ways through nodes of one domain's operators. */
export class NodeWays {
  readonly #producers = new Map<string, GraphNode>();
  readonly #users = new Map<string, GraphNode[]>();
  readonly #context: JoinContext;

  constructor(nodes: readonly GraphNode[], context: JoinContext) {
    this.#context = context;
    for (const node of nodes) {
      for (const output of node.outputs) this.#producers.set(output, node);
      for (const input of new Set(node.inputs)) {
        this.#users.set(input, [...this.#users.get(input) ?? [], node]);
      }
    }
  }

  /** The node that gives a value. */
  before(name: string, operators: readonly string[]): GraphNode | undefined {
    const node = this.#producers.get(name);
    return node?.domain === "" && operators.includes(node.op) ? node : undefined;
  }

  /** The only node that takes a value, which is not asked for otherwise. */
  after(name: string, operators: readonly string[]): GraphNode | undefined {
    const users = this.#users.get(name) ?? [], [user] = users;
    if (users.length !== 1 || this.#context.wanted.includes(name)) return undefined;
    return user!.domain === "" && operators.includes(user!.op) ? user : undefined;
  }

  /** A node of which one input is a number; of a division that is the second. */
  withNumber({ op, inputs }: GraphNode): WithNumber | undefined {
    const [first, second] = inputs as [string, string];
    const number = this.#context.numberOf(second);
    if (number !== undefined) return { other: first, number };
    const other = op === "Div" ? undefined : this.#context.numberOf(first);
    return other === undefined ? undefined : { other: second, number: other };
  }
}

/** The other one of a product's inputs. */
export function partner({ inputs: [first, second] }: GraphNode, name: string): string {
  return first === name ? second! : first!;
}
