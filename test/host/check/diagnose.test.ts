import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { diagnose } from "../../../src/host/check/diagnose.ts";
import { exchangeOf } from "../../../src/transport/http/exchange.ts";
import { transportError } from "../../../src/transport/http/transport-error.ts";

const exchange = exchangeOf("GET", new URL("https://api.example.com/v1/models?limit=9"), {});
const URL_OF = "https://api.example.com/v1/models";

/** Codes of connections that fail, and the diagnosis. */
const CODES: Readonly<Record<string, readonly [fault: string, message: string]>> = {
	ENOTFOUND: ["dns", `the host of ${URL_OF} is unknown; check base_url and DNS`],
	EAI_AGAIN: ["dns", `the host of ${URL_OF} is unknown; check base_url and DNS`],
	EHOSTUNREACH: ["unreachable", `the network does not reach ${URL_OF}; check base_url, routes and proxy`],
	UND_ERR_CONNECT_TIMEOUT: ["timeout", `no answer from ${URL_OF} within 9 ms; check base_url, or allow more time`],
	CERT_HAS_EXPIRED: [
		"tls",
		`no secure connection to ${URL_OF} (CERT_HAS_EXPIRED); check its certificate, http or https in base_url, and [host] ca_file`,
	],
	ERR_PROXY_AUTHENTICATION: ["proxy", "the proxy before the backend refuses the host's credentials; its operator must check HTTPS_PROXY"],
	ECONNRESET: ["failed", `GET ${URL_OF}: the connection to the backend broke before its answer`],
};

for (const [code, expected] of Object.entries(CODES)) {
	test(`the diagnosis of ${code} names the URL without its query, and what to do`, () => {
		const error = transportError(exchange, "waiting", Object.assign(new Error(`x ${code}`), { code }));
		const { fault, message } = diagnose(error, { keyName: undefined, timeoutMs: 9 });
		assert.equal([fault, message], expected);
	});
}

test("a failure without an upstream has its own message, and an unexpected value shows nothing", () => {
	const context = { keyName: "KEY", timeoutMs: 9 };
	assert.equal(diagnose(new SpearError("backend_error", "it broke"), context), { fault: "failed", message: "it broke" });
	const missing = new SpearError("backend_error", "the file cannot be read", { cause: new Error("ENOENT: /models/a.gguf") });
	assert.is(diagnose(missing, context).message, "the file cannot be read: ENOENT: /models/a.gguf");
	assert.equal(diagnose(new Error("secret"), context).fault, "failed");
	assert.not(diagnose(new Error("secret"), context).message.includes("secret"));
	const refused = new SpearError("backend_error", "no", { attribution: "credentials" });
	assert.is(diagnose(refused, context).message, "the upstream refuses the key in KEY; check its value");
});

test("a key, token file or signature that the host cannot use is not said to be refused by the upstream", () => {
	const own = (cause?: Error) =>
		new SpearError("backend_error", "the token cannot be read", { attribution: "credentials", processed: "no", cause });
	const file = diagnose(own(new Error("/run/token: it is empty")), { keyName: undefined, timeoutMs: 9 });
	assert.equal(file, { fault: "no_key", message: "the token cannot be read: /run/token: it is empty" });
	const key = diagnose(own(), { keyName: "KEY", timeoutMs: 9 });
	assert.equal(key, { fault: "no_key", message: "the token cannot be read (key in KEY)" });
});

test.run();
