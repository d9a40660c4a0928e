// A screen that is not connected yet: waits until a supervisor typed its code.
import { listen } from "/static/live.js";

listen("/board/events", { connected: () => location.reload(), gone: () => location.reload() });
