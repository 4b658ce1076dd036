import { useEffect, useRef, useState } from "preact/hooks";
import { useConnection, useConnectionState, useEvents } from "../connection/hooks.ts";
import { Announcements } from "../logic/announcement.ts";
import { itemOf } from "../logic/feed.ts";

/** Time between two looks for a due announcement, in milliseconds. */
const CHECK_MS = 1_000;

/** Notifies screen readers of changes of backends and of the connection. Requests are not announced, not even failed ones: there are too many. */
export function Announcer() {
	const connection = useConnection();
	const state = useConnectionState(connection).type;
	const announcements = useRef(new Announcements());
	const [text, setText] = useState("");
	useEvents((event) => {
		if (event.type === "decision" || event.type === "gap") return;
		const item = itemOf(event);
		if (item !== undefined) announcements.current.add(item.title);
	});
	useEffect(() => {
		if (state === "lost") announcements.current.add("The connection to the server is lost");
		if (state === "live") announcements.current.add("Connected to the server");
	}, [state]);
	useEffect(() => {
		const timer = setInterval(() => {
			const due = announcements.current.take(Date.now());
			if (due !== undefined) setText(due);
		}, CHECK_MS);
		return () => clearInterval(timer);
	}, []);
	return (
		<div class="hidden" role="status">
			{text}
		</div>
	);
}
