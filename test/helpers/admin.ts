import { Ajv2020 } from "ajv/dist/2020.js";
import type { Config, HostClient, HostOptions } from "../../src/index.ts";
import openApi from "../../src/serve/admin/openapi.json" with { type: "json" };
import { type Served, served } from "./served.ts";

export const ADMIN_KEY = "the-key-of-an-admin-of-a-test";

/** A served host with an admin API. */
export interface ServedAdmin extends Served {
	/** Sends a request to the admin API with its key. `path` is below `/admin/v1`. */
	ask(path: string, init?: RequestInit): Promise<Response>;
	/** Returns the JSON of a successful answer. */
	json(path: string): Promise<Record<string, unknown>>;
	/** Sends a body of JSON. */
	send(method: string, path: string, body: unknown): Promise<Response>;
}

export async function servedAdmin(config: Config, env: Record<string, string> = {}, options: HostOptions = {}): Promise<ServedAdmin> {
	const at = await served({ ...config, server: { admin_key_env: "ADMIN_KEY", ...config.server } }, { ADMIN_KEY, ...env }, options);
	const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
		fetch(`${at.url}/admin/v1${path}`, { ...init, headers: { authorization: `Bearer ${ADMIN_KEY}`, ...init.headers } });
	return {
		...at,
		ask,
		async json(path) {
			const answer = await ask(path);
			if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
			return (await answer.json()) as Record<string, unknown>;
		},
		send: (method, path, body) => ask(path, { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
	};
}

/** A chat as clients of the host send it. */
export const CHAT = {
	messages: [{ role: "user" as const, content: [{ type: "text" as const, text: "a secret prompt" }], tool_calls: [] }],
	tools: [],
};

export const chat = (client: HostClient, model?: string) =>
	client.call("chat_completions", { ...CHAT, ...(model === undefined ? {} : { model }) });

/** Returns the faults of an answer by its type in the OpenAPI document. A member that the type does not have is one. */
export function faultsOf(type: string, answer: unknown): string[] {
	const schemas = Object.fromEntries(Object.entries(openApi.components.schemas).map(([name, schema]) => [name, closed(schema)]));
	const ajv = new Ajv2020({ strict: false, allErrors: true });
	ajv.addSchema({ $id: "doc", components: { schemas } });
	const validate = ajv.compile({ $ref: `doc#/components/schemas/${type}` });
	validate(answer);
	return (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}

/** Returns a schema that forbids further members. */
function closed(schema: unknown): unknown {
	if (Array.isArray(schema)) return schema.map(closed);
	if (typeof schema !== "object" || schema === null) return schema;
	const members = Object.entries(schema).map(([name, value]) => [name, closed(value)] as const);
	const isObject = "properties" in schema;
	return { ...Object.fromEntries(members), ...(isObject ? { additionalProperties: false } : {}) };
}
