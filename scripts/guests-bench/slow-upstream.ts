/**
 * The slow upstream of `npm run bench:guests`: a process of its own, so that its time and memory are not counted as the host's. Sends its port to
 * its parent. Each message releases its chats. Ends when the parent disconnects.
 */
import process from "node:process";
import { HeldChats } from "./held-chats.ts";

const chats = new HeldChats();
process.send?.(await chats.listen());
process.on("message", () => chats.release());
process.on("disconnect", () => chats.close());
