"""The user interfaces of the engine: the Streamlit app and the REST API."""
