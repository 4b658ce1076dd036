import type { Chat } from "../../../../generated/hostcall/core/chat.ts";
import { EBADF, ENOMEM } from "../../../../generated/hostcall/core/errno.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import type { CoreScope } from "../core-scope.ts";
import type { FdTable } from "../fd-table.ts";
import type { GuestFunctions } from "../guest-functions.ts";
import { ChatResponse } from "./chat-response.ts";
import { ChatSender } from "./chat-sender.ts";
import { ChatSession } from "./chat-session.ts";

/**
 * Chat with a model, for one instance.
 *
 * @param wallClock Returns milliseconds since 1970-01-01 00:00 UTC. The default is the system's clock.
 */
export function createChat(scope: CoreScope, fds: FdTable, guest: GuestFunctions, wallClock: () => number = Date.now): Chat {
	const sender = new ChatSender(scope, guest, wallClock);
	return {
		create() {
			const session = newSession(scope);
			return session === ENOMEM ? ENOMEM : fds.open(session);
		},
		writeMessage(fd, role, content) {
			const session = fds.get(fd, ChatSession);
			return session === EBADF ? EBADF : session.write(role, content);
		},
		writeFunction(fd, functionIndex, definition) {
			const session = fds.get(fd, ChatSession);
			return session === EBADF ? EBADF : session.offer(functionIndex, definition);
		},
		setParam(fd, { key, value = null }) {
			const session = fds.get(fd, ChatSession);
			if (session !== EBADF) return session.params.set(key, value);
			return fds.get(fd, ChatResponse) === EBADF ? EBADF : 0;
		},
		getMetrics(fd) {
			const response = fds.get(fd, ChatResponse);
			return response === EBADF ? EBADF : response.counted;
		},
		async send(fd, flags) {
			const session = fds.get(fd, ChatSession);
			if (session === EBADF) return EBADF;
			const response = new ChatResponse(scope.memory);
			const responseFd = fds.open(response);
			if (responseFd < 0) return responseFd;
			try {
				response.fill(await sender.send(session, flags));
				return responseFd;
			} catch (thrown) {
				fds.close(responseFd);
				throw thrown;
			}
		},
		receive(fd) {
			const response = fds.get(fd, ChatResponse);
			return response === EBADF ? EBADF : response.body;
		},
		close: (fd) => fds.close(fd),
	};
}

function newSession(scope: CoreScope): ChatSession | typeof ENOMEM {
	try {
		return new ChatSession(scope);
	} catch (thrown) {
		if (thrown instanceof SpearError) return ENOMEM;
		throw thrown;
	}
}
