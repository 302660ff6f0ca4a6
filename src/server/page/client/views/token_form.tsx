/// <reference lib="dom" />
import type { PageProps } from "./props.ts";

/** Asks for the token that the server wants. */
export function TokenForm({ actions }: PageProps) {
  return (
    <form
      class="card token"
      onSubmit={(event) => {
        event.preventDefault();
        const token = new FormData(event.currentTarget).get("token");
        if (typeof token === "string" && token.trim() !== "") actions.useToken(token.trim());
      }}
    >
      <h2>This server asks for a token</h2>
      <p class="quiet">Enter the one that you were given. It is kept until this tab is closed.</p>
      <div class="row">
        <label for="token">Token</label>
        <input type="password" id="token" name="token" autocomplete="off" required />
        <button type="submit" class="button primary">Go on</button>
      </div>
    </form>
  );
}
