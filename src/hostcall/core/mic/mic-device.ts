import type { MicrophoneSound } from "./microphone.ts";

/** The device of an instance. Only one microphone of the guest may use the device: two would each hear a part of the sound. */
export class MicDevice {
	readonly #sound: Required<MicrophoneSound> | undefined;
	#user: object | undefined;

	constructor(sound: Required<MicrophoneSound> | undefined) {
		this.#sound = sound;
	}

	/** Returns the sound, for `user` only until `release`; or the reason for which there is none. */
	acquire(user: object): Required<MicrophoneSound> | string {
		if (this.#sound === undefined) return "there is no device";
		if (this.#user !== undefined && this.#user !== user) return "the device is in use";
		this.#user = user;
		return this.#sound;
	}

	/** Has no effect for a user without the device. */
	release(user: object): void {
		if (this.#user === user) this.#user = undefined;
	}
}
