/** The slow upstream of `npm run bench:guests`: a worker, so that its time and memory are not counted as the host's. Each message releases its chats. */
import { parentPort } from "node:worker_threads";
import { HeldChats } from "./held-chats.ts";

const chats = new HeldChats();
parentPort?.postMessage(await chats.listen());
parentPort?.on("message", (message: "release" | "stop") => {
	if (message === "release") return chats.release();
	chats.close();
	parentPort?.close();
});
