/** How the names of parameters, and of a form's files, begin that are for another input of the model. */
export const inputPrefix = "inputs.";

/** The parameter, the field and the member for a photo, or an embedding, that the photo is compared with. */
export const likeName = "like";

/** Whether a file of a form is another photo than the one that is explained, by its name. */
export function isOtherPhotoName(name: string): boolean {
  return name === likeName || isInputName(name);
}

/** Whether a field or a parameter is for another input, by its name. */
export function isInputName(name: string): boolean {
  return name.startsWith(inputPrefix) && name !== inputPrefix;
}
