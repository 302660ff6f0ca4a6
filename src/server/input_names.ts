/** How the names of parameters, and of a form's files, begin that are for another input of the model. */
export const inputPrefix = "inputs.";

/** Whether a field or a parameter is for another input, by its name. */
export function isInputName(name: string): boolean {
  return name.startsWith(inputPrefix) && name !== inputPrefix;
}
