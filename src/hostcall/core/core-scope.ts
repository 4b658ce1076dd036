import type { Clock } from "../../time/clock.ts";
import type { HostTools } from "../host-tools.ts";
import type { GuestScope } from "../scope.ts";
import type { MicrophoneSound } from "./mic/microphone.ts";
import type { StreamPeer } from "./user-stream/stream-peer.ts";

/** State that the hostcalls of one core module's instance share. */
export interface CoreScope extends GuestScope {
	readonly clock: Clock;
	/** The user's side of the streams. Absent for a guest without a user. */
	readonly streams?: StreamPeer | undefined;
	/** Sound for the guest's microphone. Absent if there is no device. */
	readonly microphone?: MicrophoneSound | undefined;
	/** Tools that the host runs for chats. Absent if the host has none. */
	readonly hostTools?: HostTools | undefined;
}
