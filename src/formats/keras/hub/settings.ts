/**
 * Settings of keras-hub's classes: what is not of the kind that it should be is a `TypeError`.
 *
 * @module
 */
import type { Json } from "../inbound.ts";

function wrong(key: string): TypeError {
  return new TypeError(`The setting "${key}" is of another kind`);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && value as number >= 0;
}

/** A whole number from 0. */
export function whole(settings: Json, key: string): number {
  const value = settings[key];
  if (!isWhole(value)) throw wrong(key);
  return value;
}

/** A number. */
export function number(settings: Json, key: string, otherwise: number): number {
  const value = settings[key] ?? otherwise;
  if (typeof value !== "number") throw wrong(key);
  return value;
}

/** Whole numbers from 0. */
export function wholes(settings: Json, key: string): number[] {
  const value = settings[key];
  if (!Array.isArray(value) || !value.every(isWhole)) throw wrong(key);
  return value;
}

/** A list of anything. */
export function list(settings: Json, key: string): unknown[] {
  const value = settings[key];
  if (!Array.isArray(value)) throw wrong(key);
  return value;
}

/** Rows and columns, of which some write one number for both. */
export function pair(settings: Json, key: string): [number, number] {
  const value = settings[key];
  const [rows, columns] = Array.isArray(value) ? value : [value, value];
  if (!isWhole(rows) || !isWhole(columns) || rows < 1 || columns < 1) throw wrong(key);
  return [rows, columns];
}

export function flag(settings: Json, key: string, otherwise: boolean): boolean {
  const value = settings[key] ?? otherwise;
  if (typeof value !== "boolean") throw wrong(key);
  return value;
}

/** The shape of a picture, `[height, width, channels]`, `null` for a free side. */
export function pictureShape(settings: Json, key = "image_shape"): [number | null, number | null, number] {
  const value = settings[key];
  const isSide = (side: unknown) => side === null || isWhole(side);
  if (!Array.isArray(value) || value.length !== 3 || !value.slice(0, 2).every(isSide) || !isWhole(value[2])) {
    throw wrong(key);
  }
  return value as [number | null, number | null, number];
}

/** The name of the model or layer. */
export function nameIn(settings: Json, otherwise: string): string {
  return typeof settings.name === "string" ? settings.name : otherwise;
}
