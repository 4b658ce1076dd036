import type { CoreCalls } from "../../../generated/hostcall/core/calls.ts";
import { createChat } from "./chat/chat.ts";
import { createClock } from "./clock.ts";
import type { CoreScope } from "./core-scope.ts";
import { FdTable } from "./fd-table.ts";
import type { GuestFunctions } from "./guest-functions.ts";
import { createLog } from "./log.ts";
import { createMic } from "./mic/mic.ts";
import { observedChat, observedClock, observedPoll } from "./observed-waits.ts";
import { createPoll } from "./poll.ts";
import { createTranscription } from "./transcription/transcription.ts";
import { createUserStream } from "./user-stream/user-stream.ts";

/** Creates the hostcalls of one instance. Dispose them when the instance ends: that closes every descriptor. */
export function createCoreCalls(scope: CoreScope, guest: GuestFunctions): CoreCalls & Disposable {
	const fds = new FdTable(scope.limits.maxHandles);
	const userStream = createUserStream(scope, fds);
	const { onWait, onChat } = userStream;
	return {
		chat: observedChat(createChat(scope, fds, guest), onChat),
		clock: observedClock(createClock(scope), onWait),
		log: createLog(scope),
		mic: createMic(scope, fds),
		poll: observedPoll(createPoll(scope, fds), onWait),
		transcription: createTranscription(scope, fds),
		userStream,
		[Symbol.dispose]() {
			using _hub = userStream;
			fds[Symbol.dispose]();
		},
	};
}
