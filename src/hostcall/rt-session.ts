import type { Session } from "../../generated/hostcall/rt.ts";
import type * as rt from "../../generated/ir/rt.ts";
import type { Readiness } from "../stream/readiness.ts";
import type { RealtimeSession } from "../stream/realtime/session.ts";

/** A realtime session as the guest holds it: the functions of the ABI over the session's queues. */
export class RtSession implements Session {
	readonly #session: RealtimeSession;

	constructor(session: RealtimeSession) {
		this.#session = session;
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

	subscribe(): Readiness {
		return this.#session.readiness;
	}

	subscribeSend(): Readiness {
		return this.#session.writable;
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
