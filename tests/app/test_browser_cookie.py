from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app.browser_cookie import BROWSER_COOKIE, BrowserCookie


def client() -> TestClient:
    routes = [
        Route("/", lambda _request: HTMLResponse("<p>page</p>")),
        Route("/data", lambda _request: JSONResponse({})),
    ]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(BrowserCookie)]))


def test_a_page_sets_the_cookie_once():
    browser = client()

    first = browser.get("/")

    assert "HttpOnly; SameSite=Strict" in first.headers["set-cookie"]
    assert len(browser.cookies[BROWSER_COOKIE]) == 24
    assert "set-cookie" not in browser.get("/").headers


def test_data_sets_no_cookie():
    assert "set-cookie" not in client().get("/data").headers


def test_two_browsers_differ():
    one, other = client(), client()
    one.get("/")
    other.get("/")

    assert one.cookies[BROWSER_COOKIE] != other.cookies[BROWSER_COOKIE]
