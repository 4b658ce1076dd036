import type { GuestState } from "../../../generated/abi/component/lowering/runtime.ts";
import type { CoreCalls } from "../../../generated/hostcall/core/calls.ts";

/** The hostcalls of an instance, which come with its first run. Until then each traps: only the start function of the module can call them. */
export class HeldCalls implements CoreCalls, Disposable {
	readonly #guest: GuestState;
	#calls: (CoreCalls & Disposable) | undefined;

	constructor(guest: GuestState) {
		this.#guest = guest;
	}

	connect(calls: CoreCalls & Disposable): void {
		this.#calls = calls;
	}

	get chat() {
		return this.#connected().chat;
	}

	get clock() {
		return this.#connected().clock;
	}

	get log() {
		return this.#connected().log;
	}

	get mic() {
		return this.#connected().mic;
	}

	get poll() {
		return this.#connected().poll;
	}

	get transcription() {
		return this.#connected().transcription;
	}

	get userStream() {
		return this.#connected().userStream;
	}

	[Symbol.dispose](): void {
		this.#calls?.[Symbol.dispose]();
	}

	#connected(): CoreCalls {
		if (this.#calls === undefined)
			throw this.#guest.trap("it was called while the guest was starting; hostcalls are available in `_start`");
		return this.#calls;
	}
}
