/** A class's name as Keras writes it in paths: `DepthwiseConv2D` is `depthwise_conv2d`. */
export function toSnakeCase(className: string): string {
  return className.replaceAll(/\W+/g, "")
    .replaceAll(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
