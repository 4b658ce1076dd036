import { EBADF, EINVAL, ENOMEM, ENOTCONN } from "../../../../generated/hostcall/core/errno.ts";
import type { UserStream } from "../../../../generated/hostcall/core/user-stream.ts";
import type { CoreScope } from "../core-scope.ts";
import type { FdTable } from "../fd-table.ts";
import { CONTROL_BYTES, ControlDescriptor } from "./control-descriptor.ts";
import { isDirection, StreamDescriptor } from "./stream-descriptor.ts";
import { StreamHub } from "./stream-hub.ts";

/** Streams of one instance. Dispose them after the descriptors: the frames that wait for the user are handed over. */
export interface UserStreamCalls extends UserStream, Disposable {
	/** To be called when the guest begins a wait, and when the wait ends. The user learns when the guest is idle. */
	onWait(isWaiting: boolean): void;
	/** To be called when the guest begins to send a chat session, and when it has the answer. Such a guest is not idle. */
	onChat(): void;
}

/** Streams of frames between the guest and its user. Without a user no stream can be opened. */
export function createUserStream({ memory, streams }: Pick<CoreScope, "memory" | "streams">, fds: FdTable): UserStreamCalls {
	const hub = streams === undefined ? undefined : new StreamHub(memory, streams);
	return {
		open(id, direction) {
			if (id < 0 || !isDirection(direction)) return EINVAL;
			if (hub === undefined) return ENOTCONN;
			const channel = hub.channel(id);
			return channel === undefined || !channel.hasRoom ? ENOMEM : fds.open(new StreamDescriptor(hub, channel, direction));
		},
		read(fd) {
			const descriptor = fds.get(fd, StreamDescriptor);
			return descriptor === EBADF ? EBADF : descriptor.read();
		},
		write(fd, frame) {
			const descriptor = fds.get(fd, StreamDescriptor);
			return descriptor === EBADF ? EBADF : descriptor.write(frame);
		},
		close: (fd) => fds.close(fd),
		ctlOpen() {
			if (hub === undefined) return ENOTCONN;
			return memory.hasRoom(CONTROL_BYTES) ? fds.open(new ControlDescriptor(hub, memory)) : ENOMEM;
		},
		ctlRead(ctl) {
			const descriptor = fds.get(ctl, ControlDescriptor);
			return descriptor === EBADF ? EBADF : descriptor.read();
		},
		onWait: (isWaiting) => hub?.onWait(isWaiting),
		onChat: () => hub?.onChat(),
		[Symbol.dispose]: () => hub?.[Symbol.dispose](),
	};
}
