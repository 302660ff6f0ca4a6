/// <reference lib="dom" />
/** Where the token is kept until the tab is closed. */
const place = "gradcam-token";

/** The token that was given, if any. */
export function readToken(): string | undefined {
  try {
    return sessionStorage.getItem(place) ?? undefined;
  } catch { // storage can be switched off
    return held;
  }
}

let held: string | undefined;

/** Keep a token for this tab. */
export function keepToken(token: string): void {
  held = token;
  try {
    sessionStorage.setItem(place, token);
  } catch { /* then it is held until the page is left */ }
}
