import type { RealtimeVoiceChannel } from "../../../../../generated/backends/realtime-voice.ts";
import type * as rt from "../../../../../generated/ir/rt.ts";
import { abortError, SpearError } from "../../../../errors/spear-error.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { LocalChannel } from "./channel.ts";
import type { RealtimeEngines } from "./engines.ts";
import type { ChatRequests } from "./response.ts";
import { sessionSettings } from "./settings.ts";

/** Audio of an answer ahead of the listener, in milliseconds: bridges delays on the way, and bounds what an interruption comes too late for. */
const LEAD_MS = 500;

export interface RealtimeOptions {
	readonly config: InstanceConfig;
	readonly engines: RealtimeEngines;
	/** Model of the chat backend that writes the answers. `undefined`: the router's choice. */
	readonly chatModel: string | undefined;
	/** Most audio of an answer ahead of a listener who hears it as it arrives, in milliseconds. The default is 500. */
	readonly leadMs?: number;
}

export interface SessionContext {
	/** Requests to other backends of the host. `undefined` outside of a host. */
	readonly requests?: ChatRequests | undefined;
	/** Ends the session at once. */
	readonly signal: AbortSignal;
	/** Called once, when an open session has ended in any way. */
	readonly onEnd?: () => void;
}

/**
 * Opens a session. Loads the engines that the session needs, and keeps them loaded until it ends.
 *
 * @throws SpearError with the remedy for an engine or a model that is missing; `invalid_request` or `missing_capabilities`.
 */
export async function openSession(
	payload: rt.Request,
	{ requests, signal, onEnd }: SessionContext,
	{ config, engines, chatModel, leadMs = LEAD_MS }: RealtimeOptions,
): Promise<RealtimeVoiceChannel> {
	const { detection, recognition, speaking } = engines;
	const settings = sessionSettings(payload, config, { recognition: recognition.model, voices: speaking.voices });
	const isConversation = settings.mode === "conversation";
	if (isConversation && requests === undefined)
		throw new SpearError("missing_capabilities", "mode: a conversation needs a host with a chat backend, which this one is not part of");
	if (signal.aborted) throw abortError(signal);
	const holds: (() => void)[] = [];
	const release = (): void => {
		for (const end of holds.splice(0)) end();
	};
	try {
		holds.push(await recognition.hold(signal));
		if (isConversation) holds.push(await speaking.hold(signal));
		const detector = await detection.open(settings.detection, signal);
		return new LocalChannel({
			settings,
			engines,
			detector,
			requests: isConversation ? requests : undefined,
			chatModel,
			leadMs,
			signal,
			onEnd: () => {
				release();
				onEnd?.();
			},
		});
	} catch (thrown) {
		release();
		throw thrown;
	}
}
