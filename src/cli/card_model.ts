/** What a model is called on cards, and SHA-256 of its file. */
export interface CardModel {
  readonly modelName: string | undefined;
  readonly modelHash: string | undefined;
}
