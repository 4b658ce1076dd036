import type { BackendContext } from "../../../generated/backends/backend.ts";
import type { RequestEnvelope } from "../../../generated/ir/envelope.ts";
import type { OperationMap } from "../../../generated/ir/operations.ts";
import type { Backend, InstanceConfig } from "../backend.ts";
import type { CaseSetting, ConformanceFixture, FixtureOperation, OperationFixture } from "./fixture.ts";
import { handled, withoutHang } from "./hang.ts";
import type { Reply } from "./loopback/replies.ts";
import { LoopbackServer } from "./loopback/server.ts";
import { type CaseMedia, caseMedia } from "./media.ts";
import { type CallTransport, type Outcome, outcomeOf } from "./outcome.ts";
import { ensureKeyAbsent, ensureKeyAbsentInEvents } from "./secrets.ts";

/** The fixture of an operation, and the fixture that it is a part of. */
export interface Subject<O extends FixtureOperation> {
	readonly fixture: ConformanceFixture;
	readonly operation: O;
	readonly its: OperationFixture<O>;
}

/** An instance of a kind, and its scripted upstream. */
export interface Trial<O extends FixtureOperation> {
	readonly backend: Backend;
	readonly server: LoopbackServer;
	/** Media of the last context. Each call has its own, so that its references count from 1. */
	readonly media: CaseMedia;
	readonly envelope: RequestEnvelope<O>;
	/** Context whose signal is never aborted unless `signal` is given. */
	context(signal?: AbortSignal): BackendContext;
	/** Returns a context like `context`, with media of its own, for one of several concurrent calls. */
	ownContext(signal?: AbortSignal): BackendContext;
	/** Plays the replies to one call and returns its outcome, in which the key must not appear. */
	call(transport: CallTransport, replies: readonly Reply[], options?: CallOptions): Promise<Outcome<O>>;
}

/** Options of one call of a trial. */
export interface CallOptions {
	readonly signal?: AbortSignal;
	/** Searches hidden members of errors for the key too. The default is false. */
	readonly thorough?: boolean;
}

/**
 * Runs a check against a new instance and a new server. Closes both, and asserts that the closed instance leaves no connection.
 *
 * @param options Options of the instance, in addition to those of the case.
 */
export async function withTrial<O extends FixtureOperation>(
	{ fixture, operation, its }: Subject<O>,
	setting: CaseSetting<O>,
	check: (trial: Trial<O>) => Promise<void>,
	options: InstanceConfig["options"] = {},
): Promise<void> {
	const server = await LoopbackServer.start();
	const backend = fixture.kind.create(withOptions(fixture.config(server.url), { ...setting.options, ...options }));
	const newMedia = (): CaseMedia => caseMedia(setting.media ?? its.media);
	let media = newMedia();
	const envelope = envelopeOf(operation, setting.payload ?? its.payload, setting);
	const context = (signal = new AbortController().signal): BackendContext => {
		media = newMedia();
		return contextOf(media, fixture.apiKey, signal);
	};
	try {
		await check({
			backend,
			server,
			get media() {
				return media;
			},
			envelope,
			context,
			ownContext: (signal) => ({ ...context(signal), media: caseMedia(setting.media ?? its.media) }),
			call(transport, replies, { signal, thorough = false } = {}) {
				server.play(...replies);
				return handled(withoutKey(outcomeOf(backend, transport, envelope, context(signal)), fixture.apiKey, thorough));
			},
		});
		await withoutHang(backend.close(), "close()");
		await withoutHang(server.quiet(), "a connection of the closed instance");
	} finally {
		await server.close();
		// After a failure only. Its error counts.
		await withoutHang(backend.close(), "close()").catch(() => {});
	}
}

/** Returns the outcome of a call. Asserts that a failure shows no key. */
async function withoutKey<O extends FixtureOperation>(
	call: Promise<Outcome<O>>,
	key: string | undefined,
	thorough: boolean,
): Promise<Outcome<O>> {
	const outcome = await call;
	if (outcome.error === undefined) return outcome;
	ensureKeyAbsent(outcome.error, key, thorough);
	ensureKeyAbsentInEvents(outcome.events, key);
	return outcome;
}

/** Returns the transports of an operation. */
export function servedTransports<O extends FixtureOperation>({ fixture, operation }: Subject<O>): readonly CallTransport[] {
	const backend = fixture.kind.create(fixture.config("http://127.0.0.1:9"));
	void backend.close();
	const transports = backend.capabilities[operation]?.transports ?? [];
	return transports.flatMap((transport): CallTransport[] =>
		transport === "unary" ? ["unary"] : transport === "server_stream" ? ["stream"] : [],
	);
}

/** Returns a configuration with further options. */
export function withOptions(config: InstanceConfig, options: InstanceConfig["options"]): InstanceConfig {
	return { ...config, options: { ...config.options, ...options } };
}

/** Returns the context of a request. */
export function contextOf(media: CaseMedia, apiKey: string | undefined, signal: AbortSignal): BackendContext {
	return { signal, requestId: "req-conformance", apiKey, media };
}

/** Returns a minimal envelope with this payload. */
export function envelopeOf<O extends FixtureOperation>(
	operation: O,
	payload: OperationMap[O]["payload"],
	{ providerOptions = {} }: Pick<CaseSetting<O>, "providerOptions"> = {},
): RequestEnvelope<O> {
	return {
		version: 1,
		request_id: "req-conformance",
		operation,
		meta: {},
		routing: { allowlist: [], denylist: [], preferred: [] },
		requirements: { required_ops: [], required_features: [], required_transports: [] },
		payload,
		provider_options: providerOptions,
	};
}
