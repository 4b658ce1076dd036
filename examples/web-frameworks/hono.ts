/** Hono on Node: `node hono.ts`. */
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { Assistant } from "./assistant.ts";
import { userOf } from "./users.ts";

export function createApp(assistant: Assistant): Hono {
	const app = new Hono();
	app.use("/ask", bodyLimit({ maxSize: 16_384 }));
	app.post("/ask", async (context) => {
		const { raw } = context.req;
		return assistant.answer(userOf(raw.headers.get("authorization")), await raw.text(), raw.signal);
	});
	return app;
}

if (import.meta.main) {
	const assistant = await Assistant.start({ config: "spear.toml", agent: "build/agent.spear" });
	const server = serve({ fetch: createApp(assistant).fetch, port: 3000 }, ({ port }) => console.log(`http://127.0.0.1:${port}`));
	process.once("SIGTERM", () => server.close(() => void assistant.close()));
}
