import { createHash } from "node:crypto";
import OpenAI from "openai";
import * as assert from "uvu/assert";
import type { JsonValue } from "../../../generated/ir/json.ts";
import { type Config, createHost, type Host } from "../../../src/index.ts";
import { GuestMedia } from "../../../src/media/guest-media.ts";
import { MediaStore } from "../../../src/media/store.ts";
import { createServer, type SpearServer } from "../../../src/serve.ts";
import { formOf } from "../../helpers/form.ts";
import { type Behaviour, OpenAiServer, type ReceivedRequest } from "../../helpers/openai-server.ts";

/** A server of ours in front of a server that speaks OpenAI's API. */
export interface Served {
	readonly host: Host;
	readonly server: SpearServer;
	/** Without a path. */
	readonly url: string;
	readonly upstream: OpenAiServer;
	/** OpenAI's own client of our server. */
	readonly sdk: OpenAI;
	/** Resolves when the media of the client use no bytes. */
	mediaGone(): Promise<void>;
	/** Returns the bytes that the media of the client use. */
	mediaBytes(): number;
}

/** Differences of a test from the usual server. */
export interface More {
	readonly config?: Config;
	readonly env?: Record<string, string>;
	/** Options of the backend. */
	readonly options?: Record<string, JsonValue>;
}

const GUEST = "anonymous";

/** Runs a test against a server whose only backend has this script. */
export async function served(script: readonly Behaviour[], run: (at: Served) => Promise<void>, more: More = {}): Promise<void> {
	const upstream = await OpenAiServer.start(...script);
	const options = { allow_provider_options: ["user", "moderation", "known_speaker_names", "chunking_strategy"], ...more.options };
	const backends = { up: { kind: "openai-compatible", base_url: upstream.baseUrl, options } };
	const host = await createHost({
		config: { host: { log_level: "silent" }, router: { max_attempts: 1 }, backends, ...more.config },
		env: more.env ?? {},
	});
	const server = createServer(host);
	const { url } = await server.listen({ port: 0 });
	const { media } = host.client({ guest: GUEST });
	assert.instance(media, GuestMedia);
	const mediaBytes = (): number =>
		media instanceof GuestMedia && media.objects instanceof MediaStore ? media.objects.usedBy(`guest-${GUEST}`) : -1;
	const sdk = new OpenAI({ apiKey: "none", baseURL: `${url}/v1`, maxRetries: 0, logLevel: "off" });
	try {
		await run({
			host,
			server,
			url,
			upstream,
			sdk,
			mediaBytes,
			async mediaGone() {
				while (mediaBytes() > 0) await new Promise(setImmediate);
			},
		});
	} finally {
		await server.close({ drainMs: 0 });
		await host.close();
		await upstream.close();
	}
}

/** Returns a request as one value to compare: JSON, or a form with its fields in the order of their names. */
export function requestOf(request: ReceivedRequest | undefined): unknown {
	if (request === undefined) return undefined;
	const { method, path, headers } = request;
	const type = headers["content-type"] ?? "";
	if (!type.startsWith("multipart/")) return { method, path, body: request.json() };
	const parts = formOf(request)
		.map(([name, value = "", ...file]) => (file.length === 0 ? `${name}=${value}` : `${name}: ${file[0]} ${hash(file[1] ?? "")}`))
		.sort();
	return { method, path, parts };
}

function hash(latin1: string): string {
	return createHash("sha256").update(Buffer.from(latin1, "latin1")).digest("hex").slice(0, 12);
}

/** Returns the error that OpenAI's client throws, by the members that programs use. */
export async function apiError(call: () => Promise<unknown>): Promise<Record<string, unknown>> {
	try {
		await call();
	} catch (thrown) {
		if (!(thrown instanceof OpenAI.APIError)) throw thrown;
		const { status, code, param, type, message } = thrown;
		return { name: thrown.constructor.name, status, code, param, type, message };
	}
	throw new Error("nothing was thrown");
}
