/** A route handler of Next. The host needs Node: an edge runtime has neither WebAssembly's suspension nor sockets. */
import { Assistant } from "../../../../assistant.ts";
import { userOf } from "../../../../users.ts";

export const runtime = "nodejs";

/** Largest body, in bytes. */
const BODY_LIMIT = 16_384;

declare global {
	/** Kept outside of the modules: `next dev` loads them again after each change, and the host must not start again. */
	var assistant: Promise<Assistant> | undefined;
}

export async function POST(request: Request): Promise<Response> {
	const { SPEAR_CONFIG: config = "spear.toml", SPEAR_AGENT: agent = "build/agent.spear" } = process.env;
	globalThis.assistant ??= Assistant.start({ config, agent });
	const question = await textOf(request);
	if (question === undefined) return new Response("the question is too long\n", { status: 413 });
	return (await globalThis.assistant).answer(userOf(request.headers.get("authorization")), question, request.signal);
}

/** Reads a body. Returns `undefined` for one beyond the limit, of which no more is read. */
async function textOf({ body }: Request): Promise<string | undefined> {
	const decoder = new TextDecoder();
	let [text, bytes] = ["", 0];
	for await (const chunk of body ?? []) {
		bytes += chunk.byteLength;
		if (bytes > BODY_LIMIT) return undefined;
		text += decoder.decode(chunk, { stream: true });
	}
	return text + decoder.decode();
}
