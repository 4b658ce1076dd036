import { SpearError } from "../errors/spear-error.ts";
import { type Microphone, type MicrophoneSound, soundOf } from "../hostcall/core/mic/microphone.ts";
import type { StreamPeer } from "../hostcall/core/user-stream/stream-peer.ts";
import type { UserStreams } from "../hostcall/core/user-stream/user-streams.ts";
import type { PlacedGuest } from "./guest-services.ts";

/** Connections of a guest with its user, as the caller of a run passes them. */
export interface UserOptions {
	/**
	 * Streams of frames between the caller and a guest that is a core module, until the end of the run. The default is none: the guest can then open
	 * no stream.
	 */
	readonly streams?: UserStreams;
	/**
	 * Sound of the microphone of a guest that is a core module. The default is none: the guest hears silence, or an error if it accepts a device
	 * only.
	 */
	readonly microphone?: Microphone;
}

/** The user's side of one instance. Disposed of when the instance has ended. */
export interface UserSide extends Disposable {
	readonly streams: StreamPeer | undefined;
	readonly microphone: Required<MicrophoneSound> | undefined;
}

/**
 * Checks the options, and takes the streams for one instance.
 *
 * @throws SpearError `invalid_request` for streams of another run, for a microphone that cannot be used, and for a guest that is a component or
 * runs in a worker.
 */
export function userSideOf({ streams, microphone }: UserOptions, { abi, isolation }: Pick<PlacedGuest, "abi" | "isolation">): UserSide {
	if (streams !== undefined || microphone !== undefined) {
		const name = streams === undefined ? "microphone" : "streams";
		if (abi === "component") throw refused(name, "a component has neither streams nor a microphone; leave the option out");
		if (isolation === "worker")
			throw refused(
				name,
				'a guest in a worker has neither streams nor a microphone; load the guest with isolation "shared", or set it in [guests.<name>]',
			);
	}
	const sound = microphone === undefined ? undefined : soundOf(microphone);
	const peer = streams?.attach();
	return { streams: peer, microphone: sound, [Symbol.dispose]: () => peer?.[Symbol.dispose]() };
}

function refused(option: string, reason: string): SpearError {
	return new SpearError("invalid_request", `${option}: ${reason}`);
}
