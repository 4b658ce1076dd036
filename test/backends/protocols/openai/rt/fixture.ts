import * as assert from "uvu/assert";
import type { RealtimeVoiceChannel } from "../../../../../generated/backends/realtime-voice.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import type * as rt from "../../../../../generated/ir/rt.ts";
import type { InstanceConfig } from "../../../../../src/backends/backend.ts";
import { openaiRealtime } from "../../../../../src/backends/kinds/openai-realtime/index.ts";
import { greet, RealtimeServer, type SessionBehaviour, type SessionScript } from "../../../../helpers/realtime-server.ts";
import { contextOf } from "../../../context.ts";

export const KEY = "sk-secret-0123456789";

function envelope(payload: Partial<rt.Request> = {}, provider_options = {}): RequestEnvelope<"realtime_voice"> {
	return {
		version: 1,
		request_id: "r1",
		operation: "realtime_voice",
		meta: {},
		routing: { allowlist: [], denylist: [], preferred: [] },
		requirements: { required_ops: [], required_features: [], required_transports: ["bidi_stream"] },
		payload: { mode: "conversation", tools: [], ...payload },
		provider_options,
	};
}

interface Session {
	readonly channel: RealtimeVoiceChannel;
	readonly server: RealtimeServer;
}

/** Opens a session against a server with this script. Fails if a socket is open after it. */
export async function against(
	script: SessionScript | SessionBehaviour,
	run: (
		connect: (payload?: Partial<rt.Request>, provider_options?: object) => Promise<Session>,
		server: RealtimeServer,
		abort: AbortController,
	) => Promise<void>,
	config: Partial<InstanceConfig> = {},
): Promise<void> {
	const server = await RealtimeServer.start(script);
	const backend = openaiRealtime.create({
		name: "up",
		kind: "openai-realtime",
		base_url: server.baseUrl,
		models: ["gpt-realtime", { name: "scribe", upstream: "gpt-4o-transcribe" }],
		options: {},
		...config,
	});
	const abort = new AbortController();
	try {
		await run(
			async (payload, provider_options) => {
				const connecting = backend.operations.realtime_voice?.connect(
					envelope(payload, provider_options),
					contextOf({ signal: abort.signal, apiKey: KEY }),
				);
				if (connecting === undefined) throw new Error("the kind serves no sessions");
				return { channel: await connecting, server };
			},
			server,
			abort,
		);
		await backend.close();
		await server.quiet();
		assert.equal(server.faults, []);
	} finally {
		await backend.close();
		await server.close();
	}
}

export async function all(channel: RealtimeVoiceChannel): Promise<rt.Event[]> {
	const events: rt.Event[] = [];
	for await (const event of channel.events) events.push(event);
	return events;
}

/** Returns the session's configuration and the path, as the server received them. */
export async function configured(
	payload: Partial<rt.Request>,
	provider_options: object = {},
	config: Partial<InstanceConfig> = {},
): Promise<[string, unknown]> {
	let seen: [string, unknown] = ["", undefined];
	await against(
		greet(),
		async (connect, server) => {
			const { channel } = await connect(payload, provider_options);
			await channel.close();
			const peer = await server.peer(0);
			assert.is(peer.headers.authorization, `Bearer ${KEY}`);
			seen = [peer.path, peer.received[0]];
		},
		config,
	);
	return seen;
}
