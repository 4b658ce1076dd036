/** Fastify: `node fastify.ts`. */
import Fastify, { type FastifyInstance } from "fastify";
import { Assistant } from "./assistant.ts";
import { userOf } from "./users.ts";

/** Largest body, in bytes. Fastify refuses a larger one before it is read. */
const BODY_LIMIT = 16_384;

export function createApp(assistant: Assistant): FastifyInstance {
	const app = Fastify({ bodyLimit: BODY_LIMIT });
	app.post("/ask", async (request, reply) => {
		const gone = new AbortController();
		reply.raw.once("close", () => gone.abort());
		const question = typeof request.body === "string" ? request.body : "";
		return reply.send(await assistant.answer(userOf(request.headers.authorization), question, gone.signal));
	});
	app.addHook("onClose", () => assistant.close());
	return app;
}

if (import.meta.main) {
	const app = createApp(await Assistant.start({ config: "spear.toml", agent: "build/agent.spear" }));
	console.log(await app.listen({ port: 3000 }));
	process.once("SIGTERM", () => void app.close());
}
