import type { ColormapSource } from "./colormap.ts";

/** The old rainbow, as matplotlib has it: bright bands where nothing changes. */
export const jet: ColormapSource<"jet"> = {
  name: "jet",
  description: "the old rainbow, as matplotlib has it: bright bands where nothing changes",
  table:
    "AAB/AACEAACIAACNAACRAACWAACaAACfAACjAACoAACsAACxAAC2AAC6AAC/AADDAADIAADMAADRAADVAADaAADeAADjAADoAADs" +
    "AADxAAD1AAD6AAD+AAD/AAD/AAD/AAD/AAT/AAj/AAz/ABD/ABT/ABj/ABz/ACD/ACT/ACj/ACz/ADD/ADT/ADj/ADz/AED/AET/" +
    "AEj/AEz/AFD/AFT/AFj/AFz/AGD/AGT/AGj/AGz/AHD/AHT/AHj/AHz/AID/AIT/AIj/AIz/AJD/AJT/AJj/AJz/AKD/AKT/AKj/" +
    "AKz/ALD/ALT/ALj/ALz/AMD/AMT/AMj/AMz/AND/ANT/ANj/ANz+AOD6AOT3Auj0BezxCPDtDPTqD/jnEvzkFf/hGP/dHP/aH//X" +
    "Iv/UJf/QKf/NLP/KL//HMv/DNv/AOf+9PP+6P/+3Qv+zRv+wSf+tTP+qT/+mU/+jVv+gWf+dXP+aX/+WY/+TZv+Qaf+NbP+JcP+G" +
    "c/+Ddv+Aef99fP95gP92g/9zhv9wif9sjf9pkP9mk/9jlv9fmv9cnf9ZoP9Wo/9Tpv9Pqv9Mrf9JsP9Gs/9Ct/8/uv88vf85wP82" +
    "w/8yx/8vyv8szf8p0P8l1P8i1/8f2v8c3f8Y4P8V5P8S5/8P6v8M7f8I8fwF9PgC9/QA+vAA/u0A/+kA/+UA/+IA/94A/9oA/9cA" +
    "/9MA/88A/8sA/8gA/8QA/8AA/70A/7kA/7UA/7EA/64A/6oA/6YA/6MA/58A/5sA/5gA/5QA/5AA/4wA/4kA/4UA/4EA/34A/3oA" +
    "/3YA/3MA/28A/2sA/2cA/2QA/2AA/1wA/1kA/1UA/1EA/00A/0oA/0YA/0IA/z8A/zsA/zcA/zQA/zAA/ywA/ygA/yUA/yEA/x0A" +
    "/xoA/xYA/hIA+g8A9QsA8QcA7AMA6AAA4wAA3gAA2gAA1QAA0QAAzAAAyAAAwwAAvwAAugAAtgAAsQAArAAAqAAAowAAnwAAmgAA" +
    "lgAAkQAAjQAAiAAAhAAAfwAA",
};
