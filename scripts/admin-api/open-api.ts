import { ADMIN_OPERATIONS, type AdminOperation } from "../../src/serve/admin/operations.ts";
import type { Parameter } from "../../src/serve/admin/query.ts";
import type { JsonSchema } from "./schemas.ts";

/** Failures that every function may answer. */
const FAILURES = [400, 401, 404, 429] as const;

const FAILURE_TEXTS: Readonly<Record<number, string>> = {
	400: "A parameter or the body cannot be used.",
	401: "The key is missing or wrong.",
	404: "There is no such thing, or the server has no admin key.",
	409: "The hosts are being reloaded already, or the run is not poisoned.",
	413: "The body is too large.",
	415: "The body is not `application/json`.",
	422: "The configuration has faults; nothing was changed.",
	429: "Too many wrong keys came from this address.",
	503: "Too many event streams are open, or the store that the hosts share cannot be reached.",
};

/** Returns the OpenAPI document of the admin API. */
export function openApiOf(schemas: Readonly<Record<string, JsonSchema>>): object {
	const paths: Record<string, Record<string, object>> = {};
	for (const [id, operation] of Object.entries<AdminOperation>(ADMIN_OPERATIONS)) {
		const path = paths[operation.path] ?? {};
		paths[operation.path] = path;
		path[operation.method.toLowerCase()] = operationOf(id, operation);
	}
	return {
		openapi: "3.1.0",
		info: {
			title: "Spear Hostcall admin API",
			version: "1",
			description:
				"State and control of a server. It is off unless `[server]` of spear.toml names a key. Names that end in `_at_ms` are times in milliseconds since 1970; other names in `_ms` are durations. New members may appear in answers; version 1 removes and changes none.",
			license: { name: "Apache-2.0", identifier: "Apache-2.0" },
		},
		servers: [{ url: "/admin/v1" }],
		security: [{ key: [] }],
		paths,
		components: { schemas, securitySchemes: { key: { type: "http", scheme: "bearer", description: "The key of the admin API." } } },
	};
}

function operationOf(operationId: string, operation: AdminOperation): object {
	const { summary, description, body, answer, answerType = "application/json", failures = [], path, query } = operation;
	const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: "path", required: true, schema: { type: "string" } }));
	const inQuery = Object.entries(query).map(([name, parameter]) => parameterOf(name, parameter));
	const parameters = [...inPath, ...inQuery];
	const statuses = [...FAILURES, ...failures].sort((a, b) => a - b);
	return {
		operationId,
		summary,
		...(description === undefined ? {} : { description }),
		...(parameters.length === 0 ? {} : { parameters }),
		...(body === undefined ? {} : { requestBody: { required: true, content: { "application/json": { schema: ref(body) } } } }),
		responses: {
			200: { description: "Success.", content: { [answerType]: { schema: answer === undefined ? { type: "object" } : ref(answer) } } },
			...Object.fromEntries(
				statuses.map((status) => [
					status,
					{ description: FAILURE_TEXTS[status] ?? "Failure.", content: { "application/json": { schema: ref("ErrorAnswer") } } },
				]),
			),
		},
	};
}

function parameterOf(name: string, parameter: Parameter): object {
	const { description } = parameter;
	return { name, in: "query", description, ...(parameter.type === "list" ? { explode: false } : {}), schema: schemaOf(parameter) };
}

function schemaOf(parameter: Parameter): object {
	switch (parameter.type) {
		case "text":
			return { type: "string", maxLength: parameter.maxLength };
		case "list":
			return { type: "array", items: { type: "string", enum: parameter.values } };
		case "integer":
			return { type: "integer", minimum: parameter.minimum, maximum: parameter.maximum, ...defaultOf(parameter) };
		case "boolean":
			return { type: "boolean", ...defaultOf(parameter) };
		case "choice":
			return { type: "string", enum: parameter.values, ...defaultOf(parameter) };
	}
}

function defaultOf({ default: value }: { readonly default?: unknown }): object {
	return value === undefined ? {} : { default: value };
}

function ref(name: string): object {
	return { $ref: `#/components/schemas/${name}` };
}
