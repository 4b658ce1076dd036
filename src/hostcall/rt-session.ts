import type { Pollable } from "../../generated/host/poll.ts";
import type { Session } from "../../generated/host/rt.ts";
import type * as rt from "../../generated/ir/rt.ts";
import type { RealtimeSession } from "../stream/realtime/session.ts";
import { pollableOf } from "./poll.ts";
import type { GuestScope } from "./scope.ts";

/** A realtime session as the guest holds it: every function of the ABI, in terms of the session's queues. */
export class RtSession implements Session {
	readonly #session: RealtimeSession;
	readonly #scope: GuestScope;

	constructor(session: RealtimeSession, scope: GuestScope) {
		this.#session = session;
		this.#scope = scope;
	}

	appendAudio(audio: Uint8Array): rt.Accepted {
		return this.#session.input({ type: "append_audio", audio });
	}

	sendText(text: string): void {
		this.#session.input({ type: "send_text", text });
	}

	sendToolResult(callId: string, output: string): void {
		this.#session.input({ type: "send_tool_result", call_id: callId, output });
	}

	commit(): void {
		this.#session.input({ type: "commit" });
	}

	clear(): void {
		this.#session.input({ type: "clear" });
	}

	cancel(): void {
		this.#session.input({ type: "cancel" });
	}

	truncate(itemId: string, audioEndMs: number): void {
		this.#session.input({ type: "truncate", item_id: itemId, audio_end_ms: audioEndMs });
	}

	next(): Promise<rt.Event> {
		return this.#session.next();
	}

	tryNext(): rt.Event | undefined {
		return this.#session.tryNext();
	}

	subscribe(): Pollable {
		return pollableOf(this.#session.readiness, this.#scope);
	}

	subscribeSend(): Pollable {
		return pollableOf(this.#session.writable, this.#scope);
	}

	state(): rt.State {
		return this.#session.state;
	}

	drain(): Promise<void> {
		return this.#session.drain();
	}

	close(): void {
		this.#session.close();
	}

	[Symbol.dispose](): void {
		this.#session[Symbol.dispose]();
	}
}
