package dev.sluice.bench;

/// The server refused a viewer, or sent what the viewer does not understand. Costs its connection only.
public final class ViewerFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    ViewerFailed(String message) {
        super(message);
    }
}
