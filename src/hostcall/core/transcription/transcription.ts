import { EBADF, type Errno } from "../../../../generated/hostcall/core/errno.ts";
import type { Transcription } from "../../../../generated/hostcall/core/transcription.ts";
import { RealtimeSessions } from "../../realtime-sessions.ts";
import type { CoreScope } from "../core-scope.ts";
import type { FdTable } from "../fd-table.ts";
import { ArtificialTransports } from "./artificial-transport.ts";
import { TranscriptionDescriptor } from "./transcription-descriptor.ts";

/** Realtime transcription of speech, for one instance. */
export function createTranscription(scope: CoreScope, fds: FdTable): Transcription {
	const sessions = new RealtimeSessions(scope, scope.clock);
	const artificial = new ArtificialTransports(scope.clock, scope.limits.maxRealtimeSessions);
	const call = <T>(fd: number, act: (descriptor: TranscriptionDescriptor) => T): T | Errno => {
		const descriptor = fds.get(fd, TranscriptionDescriptor);
		return descriptor === EBADF ? EBADF : act(descriptor);
	};
	return {
		create: () => fds.open(new TranscriptionDescriptor({ scope, sessions, artificial })),
		setParam: (fd, { key, value = null }) => call(fd, (descriptor) => descriptor.setParam(key, value)),
		connect: (fd) => call(fd, (descriptor) => descriptor.connect()),
		getStatus: (fd) => call(fd, (descriptor) => descriptor.status()),
		sendEvent: (fd, event) => call(fd, (descriptor) => descriptor.sendEvent(event)),
		flush: (fd) => call(fd, (descriptor) => descriptor.flush()),
		clear: (fd) => call(fd, (descriptor) => descriptor.clear()),
		setAutoflush: (fd, autoflush) => call(fd, (descriptor) => descriptor.setAutoflush(autoflush)),
		getAutoflush: (fd) => call(fd, (descriptor) => descriptor.segmentation),
		write: (fd, audio) => call(fd, (descriptor) => descriptor.write(audio)),
		read: (fd) => call(fd, (descriptor) => descriptor.read()),
		close: (fd) => fds.close(fd),
	};
}
