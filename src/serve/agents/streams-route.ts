import { GuestError } from "../../errors/guest-error.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { UserStreams } from "../../hostcall/core/user-stream/user-streams.ts";
import { systemClock } from "../../time/clock.ts";
import { HttpError } from "../http-error.ts";
import type { ServeContext } from "../serve-context.ts";
import { closeCodeOf, closeReasonOf } from "../websocket/close-code.ts";
import type { UpgradeRequest, UpgradeRoute } from "../websocket/upgrades.ts";
import type { WebSocketPeer } from "../websocket/web-socket-peer.ts";
import { agentOf } from "./add-agent-routes.ts";
import type { ServedAgent } from "./served-agent.ts";

const PATH = /^\/agents\/([^/]{1,256})\/streams$/;

/** Time that a guest has to end after its user has gone, in milliseconds. */
const LINGER_MS = 10_000;

/**
 * User streams of agents that are core modules: `/agents/<name>/streams`. Each connection is a run. A binary message is a frame of SPEAR's user
 * streams, in either direction. The query `input` is the input of the guest. The end of the run closes the connection with 1000.
 */
export function streamsRoute(context: ServeContext): UpgradeRoute {
	return {
		matches: (path) => PATH.test(path),
		protocols: [],
		accept(request) {
			const agent = agentOf(nameIn(request.url), request.client, context);
			if (agent.abi !== undefined && agent.abi !== "core") throw noStreams(agent);
			agent.checkPlace();
			return (peer) => serve(peer, agent, request, context);
		},
	};
}

function nameIn(url: URL): string {
	try {
		return decodeURIComponent(PATH.exec(url.pathname)?.[1] ?? "");
	} catch {
		return "";
	}
}

function noStreams({ settings }: ServedAgent): HttpError {
	return new HttpError(
		400,
		"no_streams",
		`the agent '${settings.name}' is a component, and only core modules have user streams; POST to run`,
	);
}

async function serve(
	peer: WebSocketPeer,
	agent: ServedAgent,
	{ url, client, requestId }: UpgradeRequest,
	context: ServeContext,
): Promise<void> {
	const streams = new UserStreams();
	const gone = new AbortController();
	let cancelLinger = (): void => {};
	peer.signal.addEventListener(
		"abort",
		() => {
			streams.close();
			cancelLinger = systemClock.after(LINGER_MS, () => gone.abort(new SpearError("cancelled", "the client closed the connection")));
		},
		{ once: true },
	);
	let endPlace = (): void => {};
	try {
		const place = await agent.begin();
		endPlace = () => place.end();
		if (place.agent.abi !== "core") throw noStreams(agent);
		const { timeoutMs, cpuMs } = context.settings().runCaps(agent.settings.guest);
		const running = place.agent.run(url.searchParams.get("input") ?? "", {
			signal: AbortSignal.any([gone.signal, context.signal, client.signal]),
			streams,
			runId: requestId,
			requestId,
			...(timeoutMs === undefined ? {} : { timeoutMs }),
			...(cpuMs === undefined ? {} : { cpuMs }),
		});
		// Frames that the guest has written before its end are sent before the close.
		await Promise.all([running, written(streams, peer), read(peer, streams)]);
	} catch (thrown) {
		report(thrown, agent, requestId, context);
		peer.close(closeCodeOf(thrown), closeReasonOf(thrown));
	} finally {
		streams.close();
		cancelLinger();
		endPlace();
	}
}

async function written(streams: UserStreams, peer: WebSocketPeer): Promise<void> {
	for await (const frame of streams.frames()) await peer.send(frame);
	peer.close(1000);
}

/** Sends the frames of the client to the guest. A frame without a place is held, and the client is not read from meanwhile. */
async function read(peer: WebSocketPeer, streams: UserStreams): Promise<void> {
	for await (const message of peer.messages()) {
		if ("text" in message) throw new HttpError(400, "no_frame", "send frames as binary messages");
		try {
			await streams.send(message.bytes);
		} catch (thrown) {
			// The run has ended, or the client has gone, while the frame waited.
			if (thrown instanceof SpearError && thrown.code === "cancelled") return;
			throw thrown;
		}
	}
}

function report(thrown: unknown, { settings }: ServedAgent, runId: string, { logger }: Pick<ServeContext, "logger">): void {
	if (!(thrown instanceof GuestError)) return;
	const { failure, message, guestStack } = thrown;
	const fields = { agent: settings.name, run_id: runId, failure, ...(guestStack === "" ? {} : { guest_stack: guestStack }) };
	logger.warn(fields, `agent ${settings.name} failed: ${message}`);
}
