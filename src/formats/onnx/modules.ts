import { nodeName } from "./graph_node.ts";
import type { NodeProto } from "./model_proto.ts";

/** A module of PyTorch's that a node lies in. */
export interface ModuleScope {
  /** Its path, such as `layer4.1`. */
  readonly path: string;
  /** Its class, where the file says it. */
  readonly kind: string | undefined;
}

/** The texts of a list as Python writes it. */
function parseList(text: string | undefined): string[] | undefined {
  if (text === undefined || !/^\s*\[.*\]\s*$/s.test(text)) return undefined;
  return [...text.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)].map(([_, single, double]) =>
    single ?? double!
  );
}

/** The modules that PyTorch's newer exporter notes beside a node, which stands last among them itself. */
function notedModules({ metadata }: NodeProto): ModuleScope[] | undefined {
  const paths = parseList(metadata.get("pkg.torch.onnx.name_scopes"));
  const classes = parseList(metadata.get("pkg.torch.onnx.class_hierarchy"));
  return paths?.slice(0, -1).map((path, at) => ({
    path,
    kind: classes?.length === paths.length ? classes[at]!.split(".").at(-1) : undefined,
  })).filter(({ path }) => path !== "");
}

/**
 * The modules in a node's name as PyTorch's older exporter writes it: `/layer4/layer4.1/conv1/Conv`, where what belongs to
 * a sequence bears the sequence's name as well.
 */
function namedModules(node: NodeProto): ModuleScope[] {
  const [root, ...segments] = nodeName(node).split("/");
  if (root !== "" || segments.length < 2) return [];
  const modules: ModuleScope[] = [];
  let outer = "", before = "";
  for (const segment of segments.slice(0, -1)) {
    if (!segment.startsWith(`${before}.`)) outer = modules.at(-1)?.path ?? "";
    before = segment;
    modules.push({ path: outer === "" ? segment : `${outer}.${segment}`, kind: undefined });
  }
  return modules;
}

/** The modules of PyTorch's that a node lies in, the outermost first; none where it is of another origin. */
export function modulesOf(node: NodeProto): readonly ModuleScope[] {
  return notedModules(node) ?? namedModules(node);
}
