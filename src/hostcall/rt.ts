import type { Rt } from "../../generated/hostcall/rt.ts";
import { RealtimeSessions } from "./realtime-sessions.ts";
import { RtSession } from "./rt-session.ts";
import type { GuestScope } from "./scope.ts";

export function createRt(scope: GuestScope): Rt {
	const sessions = new RealtimeSessions(scope);
	return {
		session: {
			connect: async (request, options) => new RtSession(await sessions.connect(request, options)),
		},
	};
}
