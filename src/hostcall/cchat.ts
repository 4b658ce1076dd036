import type { Cchat } from "../../generated/hostcall/cchat.ts";
import { CchatSession } from "./cchat-session.ts";
import { openStream } from "./cchat-stream.ts";
import type { GuestScope } from "./scope.ts";

export function createCchat(scope: GuestScope): Cchat {
	return {
		async complete(request, options) {
			const response = await scope.pipeline.unary({ operation: "chat_completions", payload: request, options }, scope.signal);
			return response.result.payload;
		},
		async completeStream(request, options) {
			return openStream(scope, { operation: "chat_completions", payload: request, options });
		},
		session: {
			open: (initial, options) => new CchatSession(scope, initial, options),
		},
	};
}
