import { Hono, LightResponse } from "../../hono.ts";
import type { ServeContext, ServeEnv } from "../../serve-context.ts";
import { bodyBounds, readJsonBody } from "../body.ts";
import { failedAnswer } from "../failed-answer.ts";
import { servedCall } from "../served-call.ts";
import { embeddingsCall, embeddingsFieldNames } from "./request.ts";
import { embeddingsBody } from "./response.ts";

/** Creates the application of `POST /embeddings`. */
export function embeddingsApp(context: ServeContext): Hono<ServeEnv> {
	const app = new Hono<ServeEnv>();
	app.onError((thrown, c) => failedAnswer(thrown, c, context, embeddingsFieldNames));
	app.post("/embeddings", async (c) => {
		const { payload, options, encoding } = embeddingsCall(await readJsonBody(c.req.raw, bodyBounds(c, context)));
		c.get("client").check("embeddings", payload.model);
		const call = servedCall(c, context, options);
		const { payload: result, backend } = await call.hostClient.call("embeddings", payload, call.options);
		const answer = call.withDropped(result);
		return LightResponse.json(embeddingsBody(answer, encoding), { headers: call.headers(backend.instance, answer.downgrades) });
	});
	return app;
}
