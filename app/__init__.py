"""What a person or a program sees: the Streamlit app and the REST API over the engine."""
