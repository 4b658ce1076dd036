import { guestName } from "../../errors/guest-name.ts";
import type { ServedClient } from "../clients/served-client.ts";
import type { Hono } from "../hono.ts";
import type { ServeEnv } from "../serve-context.ts";
import { RequestError } from "./errors.ts";

/** A model as a list shows it. OpenAI has no word for what a model can do, so the operations are this server's own member. */
interface ListedModel {
	readonly id: string;
	readonly object: "model";
	/** Unknown to the host, so always 0. */
	readonly created: 0;
	readonly owned_by: "spear";
	readonly spear: { readonly operations: readonly string[] };
}

/** Adds `GET /models` and `GET /models/{id}`. */
export function addModelRoutes(app: Hono<ServeEnv>): void {
	app.get("/models", (c) => Response.json({ object: "list", data: [...modelsOf(c.get("client")).values()] }));
	// Ids of models hold slashes, such as those of Hugging Face.
	app.get("/models/:id{.+}", (c) => {
		const id = c.req.param("id");
		const model = modelsOf(c.get("client")).get(id);
		if (model === undefined)
			throw new RequestError(404, "model", `the model '${guestName(id)}' is not known; GET /v1/models lists the models`, "model_not_found");
		return Response.json(model);
	});
}

/** Returns the models that a client may name, by id. Patterns of models are left out: no request can name them. */
function modelsOf(client: ServedClient): ReadonlyMap<string, ListedModel> {
	const operations = new Map<string, string[]>();
	for (const entry of client.hostClient.catalog()) {
		if (!entry.available || !client.mayUse(entry.operation)) continue;
		for (const { name } of entry.models) {
			if (name.includes("*") || !client.mayUseModel(name)) continue;
			const known = operations.get(name);
			if (known === undefined) operations.set(name, [entry.operation]);
			else known.push(entry.operation);
		}
	}
	return new Map([...operations].map(([id, served]) => [id, listed(id, served)]));
}

function listed(id: string, operations: readonly string[]): ListedModel {
	return { id, object: "model", created: 0, owned_by: "spear", spear: { operations } };
}
