/** The parts of Hono that the server uses. The build bundles them into this file, so that the packages need not be installed. */
import { getRequestListener } from "@hono/node-server";

export { type Context, Hono, type MiddlewareHandler } from "hono";
export { getRequestListener };

/**
 * A `Response` that the listener sends as it is. Node's own would make a stream of each body and read the first two pieces of it, with a pause of 1 ms
 * between them, before it sends anything.
 *
 * The package offers this class only as a replacement of the globals. The globals are the embedder's, so they are restored at once.
 */
export const LightResponse: typeof Response = lightResponse();

function lightResponse(): typeof Response {
	const names = ["Request", "Response"] as const;
	const before = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
	getRequestListener(() => new Response(), { overrideGlobalObjects: true });
	const light = globalThis.Response;
	for (const [index, name] of names.entries()) Object.defineProperty(globalThis, name, before[index] ?? {});
	return light;
}
