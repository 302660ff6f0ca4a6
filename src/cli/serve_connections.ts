import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/**
 * A server's connections, of which there are a bounded number: where one more comes, the one that has been without a request
 * for longest is closed, so that those who open many and send nothing keep nobody else out. Where all have a request under
 * way, the new one is.
 */
export class Connections {
  readonly #most: number;
  /** Those without a request, the one that has been so for longest first. */
  readonly #idle = new Set<Socket>();
  /** Those with one. */
  readonly #busy = new Set<Socket>();
  #isEnding = false;

  /**
   * @param server Whose they are; it must not listen yet.
   * @param most How many there are at most.
   */
  constructor(server: Server, most: number) {
    this.#most = most;
    server.on("connection", (socket: Socket) => this.#admit(socket));
    server.on("request", (_request, response: ServerResponse) => this.#occupy(response));
  }

  /** How many there are. */
  get count(): number {
    return this.#idle.size + this.#busy.size;
  }

  /** Close those without a request, and the others when their request is answered. */
  endIdle(): void {
    this.#isEnding = true;
    for (const socket of this.#idle) socket.destroy();
  }

  /** Close all, whatever is under way. */
  endAll(): void {
    this.endIdle();
    for (const socket of this.#busy) socket.destroy();
  }

  #admit(socket: Socket): void {
    if (this.count >= this.#most) {
      const [oldest] = this.#idle;
      (oldest ?? socket).destroy();
      if (!oldest) return;
      this.#idle.delete(oldest);
    }
    this.#idle.add(socket);
    socket.once("close", () => {
      this.#idle.delete(socket);
      this.#busy.delete(socket);
    });
  }

  #occupy(response: ServerResponse): void {
    const { socket } = response;
    if (!socket) return;
    this.#idle.delete(socket);
    this.#busy.add(socket);
    response.once("close", () => {
      if (!this.#busy.delete(socket) || socket.destroyed) return;
      if (this.#isEnding) socket.destroySoon();
      else this.#idle.add(socket);
    });
  }
}
