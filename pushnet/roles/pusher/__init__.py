"""The pusher: takes accepted pushes from the queue, finds their devices, stores, delivers. Keeps nothing."""
