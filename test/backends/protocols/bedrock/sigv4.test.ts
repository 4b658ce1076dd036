import { createHash, createHmac } from "node:crypto";
import { inspect } from "node:util";
import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { bedrockConverse } from "../../../../src/backends/kinds/bedrock-converse/index.ts";
import { sigV4 } from "../../../../src/backends/protocols/bedrock/sigv4.ts";
import { answer, OpenAiServer, type ReceivedRequest } from "../../../helpers/openai-server.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../chat-envelope.ts";
import { contextOf } from "../../context.ts";
import { answerStream, streamed, wholeAnswer, wire } from "./upstream.ts";

const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const TOKEN = "FwoGZXIvYXdzEXAMPLETOKEN//////////wEaDCanary";
const MODEL = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-6-v1:0";

/** Variables of the host. */
const ENV: Readonly<Record<string, string>> = { MY_ID: "AKIDEXAMPLE", MY_TOKEN: TOKEN };

/** Returns the signature that a request should carry, calculated as Amazon's documentation describes. */
function expectedSignature({ method, path, headers, body }: ReceivedRequest): string {
	const [, date = "", region = "", names = ""] =
		/Credential=[^/]+\/(\d{8})\/([^/]+)\/bedrock\/aws4_request, SignedHeaders=([^,]+)/.exec(headers.authorization ?? "") ?? [];
	const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
	const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
	const canonicalHeaders = names.split(";").map((name) => `${name}:${String(headers[name]).trim()}\n`);
	const canonicalPath = path.split("/").map(encodeURIComponent).join("/");
	const canonical = [method, canonicalPath, "", canonicalHeaders.join(""), names, sha256(body)].join("\n");
	const scope = `${date}/${region}/bedrock/aws4_request`;
	const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical)].join("\n");
	const key = ["aws4_request", "bedrock", region, date].reduceRight((secret: string | Buffer, part) => hmac(secret, part), `AWS4${SECRET}`);
	return hmac(key, text).toString("hex");
}

function signatureOf({ headers }: ReceivedRequest): string | undefined {
	return /Signature=([0-9a-f]{64})$/.exec(headers.authorization ?? "")?.[1];
}

/** Runs a test against an instance that signs its requests. */
async function signing(
	script: Parameters<typeof OpenAiServer.start>,
	run: (setting: { readonly server: OpenAiServer; readonly call: (stream?: boolean) => Promise<unknown> }) => Promise<void>,
	{ variables = ENV, options = {} }: { readonly variables?: typeof ENV; readonly options?: object } = {},
): Promise<void> {
	const server = await OpenAiServer.start(...script);
	const base_url = server.baseUrl.replace(/\/v1$/, "");
	const config = {
		name: "up",
		kind: "bedrock-converse",
		base_url,
		models: [MODEL],
		options: { auth: "sigv4", region: "us-east-1", access_key_id_env: "MY_ID", session_token_env: "MY_TOKEN", ...options },
	};
	const backend = bedrockConverse.create(config, undefined, (name) => variables[name]);
	const chat = backend.operations.chat_completions;
	const context = contextOf({ apiKey: SECRET });
	if (chat === undefined) throw new Error("the kind serves no chat");
	try {
		await run({
			server,
			call: (stream = false) => (stream ? collect(chat.stream(chatEnvelope(), context)) : chat.unary(chatEnvelope(), context)),
		});
	} finally {
		await backend.close();
		await server.close();
	}
}

test("requests are signed as Amazon's SDK signs them, and carry no key", () =>
	signing([answer.json(wholeAnswer([])), streamed(wire(answerStream([]))), answer.json(wholeAnswer([]))], async ({ server, call }) => {
		await call();
		await call(true);
		const sdk = new BedrockRuntimeClient({
			region: "us-east-1",
			endpoint: server.baseUrl.replace(/\/v1$/, ""),
			requestHandler: new NodeHttpHandler(),
			credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: SECRET, sessionToken: TOKEN },
			maxAttempts: 1,
		});
		await sdk.send(new ConverseCommand({ modelId: MODEL, messages: [{ role: "user", content: [{ text: "Hi" }] }] }));
		sdk.destroy();
		const [whole, stream, theirs] = [await server.request(0), await server.request(1), await server.request(2)];
		for (const request of [whole, stream, theirs]) {
			assert.is(signatureOf(request), expectedSignature(request));
			assert.is(request.headers["x-amz-security-token"], TOKEN);
			assert.not(JSON.stringify(request.headers).includes(SECRET));
		}
		assert.is(whole.path, theirs.path);
		assert.is(whole.headers["x-amz-content-sha256"], createHash("sha256").update(whole.body).digest("hex"));
		assert.match(
			whole.headers.authorization ?? "",
			/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/bedrock\/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, /,
		);
	}));

test("a signature at a fixed time is always the same", async () => {
	const signer = sigV4({
		region: "us-east-1",
		accessKeyId: "MY_ID",
		sessionToken: undefined,
		variable: (name) => ENV[name],
		now: () => new Date("2026-11-28T12:00:00Z"),
	});
	const url = new URL("https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-pro-v1%3A0/converse");
	const { authorization, ...others } = await signer.sign({
		method: "POST",
		url,
		contentType: "application/json",
		body: "{}",
		secret: SECRET,
	});
	assert.equal(others, {
		"content-type": "application/json",
		"x-amz-content-sha256": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
		"x-amz-date": "20261128T120000Z",
	});
	const headers = { ...others, host: url.host, authorization };
	const received = { method: "POST", path: url.pathname, headers, body: "{}" };
	assert.is(
		/Signature=(.*)$/.exec(authorization ?? "")?.[1],
		expectedSignature({ ...received, bytes: Buffer.alloc(0), clientPort: 1, ended: new Promise(() => {}), json: () => ({}) }),
	);
});

test("a request without its credentials is not sent, and its message names no variable", () =>
	signing(
		[],
		async ({ server, call }) => {
			const error = await failure(call());
			assert.is(error.message, "the host has no session token for the backend; its operator must check the environment variables");
			assert.equal([error.code, error.attribution, error.processed], ["backend_error", "credentials", "no"]);
			assert.is(String(error.cause), "Error: MY_TOKEN is not set", "the host's log names the variable");
			assert.is(server.requests.length, 0);
		},
		{ variables: { MY_ID: "AKIDEXAMPLE" } },
	));

test("the session token and the secret appear in no error although the upstream echoes them", () => {
	const message = `The canonical string should have been x-amz-security-token:${TOKEN} ${SECRET}`;
	return signing(
		[answer.status(403, { message }, { "x-amzn-errortype": "InvalidSignatureException" }), answer.status(400, { message })],
		async ({ call }) => {
			for (const error of [await failure(call()), await failure(call())]) {
				const texts = inspect(error, { depth: 10, showHidden: true, getters: true });
				assert.not(texts.includes(SECRET));
				assert.not(texts.includes(TOKEN));
			}
		},
	);
});

for (const [what, load] of [
	["a package that does not load", () => Promise.reject(new Error("Cannot find package"))],
	["another version of the package", async () => ({ SignatureV6: Object })],
] as const) {
	test(`${what} is named with the command that installs it`, async () => {
		const source = { isInstalled: () => true, import: load };
		const signer = sigV4({ region: "r", accessKeyId: "MY_ID", sessionToken: undefined, variable: (name) => ENV[name], source });
		const url = new URL("http://127.0.0.1/");
		const error = await failure(signer.sign({ method: "POST", url, contentType: undefined, body: "", secret: SECRET }));
		assert.match(error.message, /\(npm install @smithy\/signature-v4@5\.7\.5\)$/);
		assert.equal([error.code, error.retryable, error.processed], ["backend_error", false, "no"]);
	});
}

test("a call that is aborted while it is signed sends nothing", () =>
	signing([], async ({ server }) => {
		const abort = new AbortController();
		const config = {
			name: "up",
			kind: "bedrock-converse",
			base_url: server.baseUrl,
			models: [MODEL],
			options: { auth: "sigv4", region: "us-east-1", access_key_id_env: "MY_ID" },
		};
		const backend = bedrockConverse.create(config, undefined, (name) => {
			abort.abort();
			return ENV[name];
		});
		const call = backend.operations.chat_completions?.unary(chatEnvelope(), contextOf({ apiKey: SECRET, signal: abort.signal }));
		assert.is((await failure(Promise.resolve(call))).code, "cancelled");
		assert.is(server.requests.length, 0);
		await backend.close();
	}));

test.run();
